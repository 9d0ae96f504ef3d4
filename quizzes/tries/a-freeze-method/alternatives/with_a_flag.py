from torch import nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(64, 128)
        self.classifier = nn.Linear(128, 5)

    def forward(self, words):
        return self.classifier(self.encoder(words).relu())

    def set_encoder_frozen(self, frozen):
        for param in self.encoder.parameters():
            param.requires_grad = not frozen


model = Tagger()
model.set_encoder_frozen(True)
