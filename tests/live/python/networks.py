"""Networks with random weights that the live servers share."""

import zlib

import torch
from torch import nn

IMAGE_SHAPE = (3, 64, 64)
CLASSES = 1000


class Block(nn.Module):
    """The basic block of a ResNet (He et al., 2015)."""

    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, 1, 1, bias=False),
            nn.BatchNorm2d(channels),
        )
        self.shortcut = (
            nn.Identity()
            if stride == 1 and channels_in == channels
            else nn.Conv2d(channels_in, channels, 1, stride, bias=False)
        )

    def forward(self, x):
        return torch.relu(self.body(x) + self.shortcut(x))


def resnet18():
    """ResNet-18, for images of any size: 11.7 million parameters."""
    widths = [64, 64, 128, 256, 512]
    blocks = [
        block
        for before, width in zip(widths, widths[1:])
        for block in (Block(before, width, 1 if before == width else 2), Block(width, width, 1))
    ]
    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, CLASSES))


class Bottleneck(nn.Module):
    """The block of the deeper ResNets: 1x1, 3x3, 1x1 convolutions."""

    def __init__(self, channels_in, channels, stride):
        super().__init__()
        wide = 4 * channels
        self.body = nn.Sequential(
            nn.Conv2d(channels_in, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, stride, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, wide, 1, bias=False),
            nn.BatchNorm2d(wide),
        )
        same = stride == 1 and channels_in == wide
        self.shortcut = nn.Identity() if same else nn.Conv2d(channels_in, wide, 1, stride, bias=False)

    def forward(self, x):
        return torch.relu(self.body(x) + self.shortcut(x))


def resnet50():
    """ResNet-50: 25.6 million parameters."""
    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    blocks, channels_in = [], 64
    for channels, count, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for i in range(count):
            blocks.append(Bottleneck(channels_in, channels, stride if i == 0 else 1))
            channels_in = 4 * channels
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, CLASSES))


def patches(classes):
    """A layer over patches of 16x16 pixels and their mean: 5 million operations for an image of 3x224x224."""
    return nn.Sequential(nn.Conv2d(3, 16, 16, 16), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, classes))


class Encoder(nn.Module):
    """A small BERT-like encoder over words, two classes: 1.3 million parameters."""

    WORDS = 4096
    WIDTH = 128
    LONGEST = 128

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(self.WORDS, self.WIDTH)
        self.places = nn.Embedding(self.LONGEST, self.WIDTH)
        layer = nn.TransformerEncoderLayer(self.WIDTH, 4, 4 * self.WIDTH, 0.0, "gelu", batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 4, enable_nested_tensor=False)
        self.head = nn.Linear(self.WIDTH, 2)

    def forward(self, tokens):
        x = self.words(tokens) + self.places(torch.arange(tokens.shape[1]))
        return self.head(self.layers(x).mean(dim=1))


def tokens_of(texts):
    """One row of word numbers for each text, all as long as the longest, 0 as padding."""
    rows = [[1 + zlib.crc32(word.encode()) % (Encoder.WORDS - 1) for word in text.split()[: Encoder.LONGEST]] for text in texts]
    longest = max(1, *map(len, rows))
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


def settle():
    """One thread for each inference: on few cores more threads only get in each other's way."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
