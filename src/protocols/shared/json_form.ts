import type { ItemForm } from "../../core/model_input.ts";

/** Items as JSON values: one object for all protocols that send them so, since an item is written once for each form. */
export const JSON_ITEMS = { kind: "json" } as const satisfies ItemForm;
