import { type Graph, GraphBuilder } from "./graph.ts";

/** Scale of the last normalisation of a block: keeps the sum of many blocks within a few units. */
const RESIDUAL_GAIN = 0.5;

/**
 * ResNet-18 with 1000 classes (K. He et al., 2015), layer by layer as in torchvision.
 *
 * @param side Height and width of the image, pixels.
 */
export function resnet18(side: number): Graph {
  return resnet("resnet18", side, [2, 2, 2, 2], 1, (builder, x, from, width, stride) => {
    const first = builder.node("Relu", [builder.convolution(x, { from, to: width, kernel: 3, stride })]);
    return builder.convolution(first, { from: width, to: width, kernel: 3, gain: RESIDUAL_GAIN });
  });
}

/**
 * ResNet-50 with 1000 classes (K. He et al., 2015) with the stride on the 3x3 convolution, as in torchvision.
 *
 * @param side Height and width of the image, pixels.
 */
export function resnet50(side: number): Graph {
  return resnet("resnet50", side, [3, 4, 6, 3], 4, (builder, x, from, width, stride) => {
    const first = builder.node("Relu", [builder.convolution(x, { from, to: width, kernel: 1 })]);
    const second = builder.node("Relu", [builder.convolution(first, { from: width, to: width, kernel: 3, stride })]);
    return builder.convolution(second, { from: width, to: width * 4, kernel: 1, gain: RESIDUAL_GAIN });
  });
}

type Block = (builder: GraphBuilder, x: string, from: number, width: number, stride: number) => string;

function resnet(name: string, side: number, repeats: readonly number[], expansion: number, block: Block): Graph {
  const builder = new GraphBuilder();
  const stem = builder.node("Relu", [builder.convolution("input", { from: 3, to: 64, kernel: 7, stride: 2 })]);
  let x = builder.node("MaxPool", [stem], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  let channels = 64;
  for (const [stage, count] of repeats.entries()) {
    const width = 64 << stage, to = width * expansion;
    for (let i = 0; i < count; i++) {
      const stride = stage > 0 && i === 0 ? 2 : 1;
      const shortcut = stride === 1 && channels === to
        ? x
        : builder.convolution(x, { from: channels, to, kernel: 1, stride });
      const branch = block(builder, x, channels, width, stride);
      x = builder.node("Relu", [builder.node("Add", [branch, shortcut])]);
      channels = to;
    }
  }
  const pooled = builder.node("Flatten", [builder.node("GlobalAveragePool", [x])]);
  return builder.build(
    name,
    [{ name: "input", elementType: "float32", shape: ["batch", 3, side, side] }],
    builder.linear(pooled, channels, 1000),
    { name: "logits", elementType: "float32", shape: ["batch", 1000] },
  );
}
