/**
 * Attributes under which the models of well-known libraries keep their parts: each is a Module in every model that
 * has it, so `model.classifier.requires_grad = False` on one of them is a mistake for certain. Names that are a
 * Parameter in some model (`pos_embed`, `cls_token`, `query_tokens`: catalogue i02) are left out.
 * Source: the model classes as documented and published by timm and transformers.
 */
export type ModelLibrary = 'timm' | 'transformers';

const PARTS: Readonly<Record<ModelLibrary, ReadonlySet<string>>> = {
  timm: new Set(
    (
      'classifier fc head conv_head conv_stem stem stages blocks layers layer1 layer2 layer3 layer4 conv1 bn1 bn2 ' +
      'norm fc_norm patch_embed features global_pool downsample attn mlp'
    ).split(' '),
  ),
  transformers: new Set(
    (
      'base_model bert roberta distilbert albert electra deberta longformer transformer gpt_neox esm model encoder ' +
      'decoder embeddings pooler classifier pre_classifier lm_head cls qa_outputs score shared embed_tokens layers ' +
      'layer h wte wpe ln_f word_embeddings position_embeddings token_type_embeddings attention self_attn self ' +
      'intermediate output query key value dense LayerNorm mlp vit swin deit beit wav2vec2 hubert wavlm ' +
      'feature_extractor feature_projection projector vision_model text_model visual_projection text_projection ' +
      'vision_tower language_model multi_modal_projector'
    ).split(' '),
  ),
};

/** The library whose function or class a dotted path names; null for any other. */
export function modelLibrary(path: string): ModelLibrary | null {
  if (path === 'timm.create_model') return 'timm';
  return /^transformers\./.test(path) ? 'transformers' : null;
}

/** Whether a model of this library that has an attribute of this name keeps a Module there; numbers are items of a list. */
export const isPart = (library: ModelLibrary, name: string): boolean =>
  PARTS[library].has(name) || /^\d+$/.test(name);
