import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { otlpSettings } from "../../../../src/cli/options/secrets/otlp_settings.ts";

const settingsOf = (variables: Readonly<Record<string, string>>) => otlpSettings((name) => variables[name]);
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" };

Deno.test("otlpSettings() sends nothing where no endpoint is set, or another exporter or none is chosen", () => {
  for (
    const variables of [
      {},
      { OTEL_EXPORTER_OTLP_ENDPOINT: " " },
      { ...ENDPOINT, OTEL_SDK_DISABLED: "TRUE" },
      { ...ENDPOINT, OTEL_METRICS_EXPORTER: "none" },
      { ...ENDPOINT, OTEL_METRICS_EXPORTER: "prometheus" },
    ]
  ) assertEquals(settingsOf(variables), null);
  assertEquals(settingsOf({ ...ENDPOINT, OTEL_METRICS_EXPORTER: "console, otlp" })?.wrong, null);
});

Deno.test("otlpSettings() prefers the variables of metrics, and shows the collector without what may be secret", () => {
  const settings = settingsOf({
    ...ENDPOINT,
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "https://user:s3cret@otlp.example.com/s3cret/v1/metrics?key=s3cret",
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "http/json",
  });
  assertEquals(settings, { collector: "https://otlp.example.com", protocol: "http/json", wrong: null });
});

Deno.test("otlpSettings() says which variable cannot be used, without its value", () => {
  const wrongOf = (more: Readonly<Record<string, string>>) => settingsOf({ ...ENDPOINT, ...more })?.wrong;
  assertEquals(
    wrongOf({ OTEL_EXPORTER_OTLP_ENDPOINT: "localhost:4318" }),
    "OTEL_EXPORTER_OTLP_ENDPOINT must be an address such as http://localhost:4318",
  );
  assertEquals(
    wrongOf({ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }),
    "OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf or http/json",
  );
  const bad = ["Authorization: Bearer s3cret", "a=1,s3cret", "a=100%", "a=%0As3cret", "=s3cret", "a="];
  for (const headers of bad) {
    const wrong = wrongOf({ OTEL_EXPORTER_OTLP_HEADERS: headers });
    assertStringIncludes(wrong!, "OTEL_EXPORTER_OTLP_HEADERS must hold name=value pairs");
    assertFalse(wrong!.includes("s3cret"));
  }
  for (const headers of ["Authorization=Bearer s3cret", "a=1, b=2,", "api-key=a%2Cb==", "a=b=c"]) {
    assertEquals(wrongOf({ OTEL_EXPORTER_OTLP_HEADERS: headers }), null);
  }
});
