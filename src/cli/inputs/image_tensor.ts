import { UsageError } from "../../core/errors.ts";
import { isFloat } from "../../items/number_arrays.ts";
import { checkedNumber } from "../../items/exact/checked_number.ts";
import type { Datatype, Tensor, TensorSpec } from "../../core/model_input.ts";

/** Side of an image where the model takes any. */
const ANY_SIDE = 224;
/** The largest value of a colour in a pixel. */
const LARGEST = 255;
/** What holds no colours. */
const NO_COLOURS: readonly Datatype[] = ["BYTES", "BOOL"];

/** Where a model's input has its channels, rows and columns. */
interface Layout {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly channelsFirst: boolean;
}

/**
 * An image as a model's input: decoded, resized, colours from 0 to 1, or from 0 to 255 for integers.
 *
 * @param bytes PNG or JPEG.
 * @param spec The input, `[C, H, W]` or `[H, W, C]` with 1 or 3 channels; sides of any size become 224.
 * @param path Name of the image, for messages.
 * @throws {UsageError} If it cannot be decoded, or the input is no image or cannot hold its colours.
 */
export async function imageTensor(bytes: Uint8Array, spec: TensorSpec, path: string): Promise<Tensor> {
  const { channels, height, width, channelsFirst } = layoutOf(spec, path);
  checkedNumber(spec.name, spec.datatype, LARGEST);
  const pixels = await decoded(bytes, width, height, path);
  const colour = isFloat(spec.datatype) ? (value: number) => value / LARGEST : Math.round;
  const data = new Float32Array(channels * height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = 4 * (y * width + x);
      for (let c = 0; c < channels; c++) {
        const at = channelsFirst ? (c * height + y) * width + x : (y * width + x) * channels + c;
        data[at] = colour(channels === 1 ? luminance(pixels, pixel) : pixels[pixel + c]!);
      }
    }
  }
  const shape = channelsFirst ? [channels, height, width] : [height, width, channels];
  // A model without a batch dimension may have a 1 where that would be.
  return { name: spec.name, datatype: spec.datatype, shape: spec.shape.length === 4 ? [1, ...shape] : shape, data };
}

function layoutOf({ name, shape, datatype }: TensorSpec, path: string): Layout {
  const [a = 0, b = 0, c = 0] = shape.length === 4 && Math.abs(shape[0]!) === 1 ? shape.slice(1) : shape;
  const isImage = (shape.length === 3 || shape.length === 4 && Math.abs(shape[0]!) === 1) &&
    !NO_COLOURS.includes(datatype);
  const side = (size: number) => size < 0 ? ANY_SIDE : size;
  if (isImage && (a === 3 || a === 1)) return { channels: a, height: side(b), width: side(c), channelsFirst: true };
  if (isImage && (c === 3 || c === 1)) return { channels: c, height: side(a), width: side(b), channelsFirst: false };
  throw new UsageError(
    `Cannot send the image "${path}" as the model's input "${name}" must be [C, H, W] or [H, W, C] with 1 or 3 ` +
      `channels: it is ${datatype} [${shape}]`,
  );
}

/** Four bytes a pixel. */
async function decoded(bytes: Uint8Array, width: number, height: number, path: string): Promise<Uint8Array> {
  // Only who sends images waits for the decoders.
  const [{ createJimp }, { default: png }, { default: jpeg }, { methods }] = await Promise.all([
    import("@jimp/core"),
    import("@jimp/js-png"),
    import("@jimp/js-jpeg"),
    import("@jimp/plugin-resize"),
  ]);
  const Jimp = createJimp({ formats: [png, jpeg], plugins: [methods] });
  try {
    const image = await Jimp.fromBuffer(Uint8Array.from(bytes).buffer);
    image.resize({ w: width, h: height });
    return image.bitmap.data;
  } catch (error) {
    throw new UsageError(
      `Cannot read the image "${path}" as it must be PNG or JPEG: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** ITU-R BT.601, as PIL converts to grey. */
function luminance(pixels: Uint8Array, at: number): number {
  return 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
}
