/** Name of the language model. */
export const LANGUAGE_MODEL = "llama_tiny";
