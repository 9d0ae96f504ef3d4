/** A program with one finding, FRZ206. */
export const buggy = `import torch
from torchvision import models

model = models.resnet18(weights="DEFAULT")
for param in model.parameters():
    param.requires_grad(False)
`;

/** The first place of a document. */
export const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** A program whose helper, in another file, freezes or unfreezes its model. */
export const importer = `import torch
from torchvision import models
from helper import prepare

model = models.resnet18()
prepare(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
optimizer.step()
`;

/** That file. */
export const helperThat = (call: string): string => `def prepare(net):\n    net.${call}\n`;
