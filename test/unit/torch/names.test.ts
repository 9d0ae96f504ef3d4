import assert from 'node:assert/strict';
import { canonicalName } from '../../../src/torch/names.ts';

describe('canonical names', () => {
  const spellings: readonly (readonly [string, string])[] = [
    ['torch.nn.modules.linear.Linear', 'torch.nn.Linear'],
    ['torch.nn.modules.Linear', 'torch.nn.Linear'],
    ['torch.nn.modules.normalization.RMSNorm', 'torch.nn.RMSNorm'],
    ['torch.nn.parameter.Parameter', 'torch.nn.Parameter'],
    ['torch.nn.modules.sparse.Embedding.from_pretrained', 'torch.nn.Embedding.from_pretrained'],
    ['torch.optim.adam.Adam', 'torch.optim.Adam'],
    ['torch.optim._adafactor.Adafactor', 'torch.optim.Adafactor'],
    ['torch.optim.lr_scheduler._LRScheduler', 'torch.optim.lr_scheduler.LRScheduler'],
    ['torchvision.models.resnet.resnet18', 'torchvision.models.resnet18'],
    ['torchvision.models.resnet.ResNet', 'torchvision.models.ResNet'],
    [
      'torchvision.models.detection.faster_rcnn.fasterrcnn_resnet50_fpn',
      'torchvision.models.detection.fasterrcnn_resnet50_fpn',
    ],
    ['torch.nn.utils.clip_grad.clip_grad_norm_', 'torch.nn.utils.clip_grad_norm_'],
    ['torch.nn.parallel.data_parallel.DataParallel', 'torch.nn.DataParallel'],
    ['torch._tensor.Tensor', 'torch.Tensor'],
    ['pytorch_lightning.LightningModule', 'lightning.pytorch.LightningModule'],
    ['lightning.LightningModule', 'lightning.pytorch.LightningModule'],
    ['pytorch_lightning.core.lightning.LightningModule', 'lightning.pytorch.LightningModule'],
    ['transformers.models.bert.modeling_bert.BertModel', 'transformers.BertModel'],
    ['timm.models.factory.create_model', 'timm.create_model'],
  ];

  for (const [spelling, canonical] of spellings) {
    it(`give ${canonical} for ${spelling}`, () => {
      assert.equal(canonicalName(spelling), canonical);
    });
  }

  it('leave alone what is canonical, private or unknown', () => {
    for (const name of [
      'torch.nn.Linear',
      'torch.nn.modules.conv._ConvNd',
      'torch.nn.modules.linear.NonDynamicallyQuantizableLinear',
      'torch.nn.functional.linear',
      'torch.optim.SGD',
      'torch.optim.lr_scheduler.StepLR',
      'torch.optim.swa_utils.SWALR',
      'torchvision.models.resnet18',
      'torchvision.models.resnet.BasicBlock',
      'mylib.nn.Linear',
      'Linear',
      '',
    ]) {
      assert.equal(canonicalName(name), name);
    }
  });

  it('do not change when taken twice', () => {
    for (const [spelling] of spellings) {
      assert.equal(canonicalName(canonicalName(spelling)), canonicalName(spelling));
    }
  });
});
