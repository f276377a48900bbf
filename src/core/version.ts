import config from "../../deno.json" with { type: "json" };

/** Version of torchgauge, from deno.json alone. */
export const VERSION: string = config.version;
