import { assertEquals } from "@std/assert";
import { inputByName } from "../../../src/protocols/shared/model_families.ts";

Deno.test("inputByName() knows the architectures of torchvision and Hugging Face and nothing else", () => {
  const side = (name: string): unknown => {
    const input = inputByName(name);
    return input?.kind === "tensors" ? input.tensors[0]!.shape.at(-1) : input?.kind;
  };
  const images = [
    "resnet18",
    "wide_resnet50_2",
    "mobilenet_v3_large",
    "vgg16",
    "efficientnet_b0",
    "vit_b_16",
    "swin_t",
  ];
  const texts = [
    "bert-base-uncased",
    "roberta-base",
    "distilbert-base-uncased",
    "gpt2",
    "t5-small",
    "facebook/bart-large",
  ];
  assertEquals(images.map(side), images.map(() => 224));
  assertEquals(texts.map(side), texts.map(() => "text"));
  assertEquals(side("inception_v3"), 299);
  assertEquals(["example", "my-model", "yolov8n", "whisper"].map(side), [undefined, undefined, undefined, undefined]);
});
