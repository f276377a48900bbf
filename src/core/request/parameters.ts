/** A value of a request's parameter; an integer beyond 2^53 is exact as bigint. */
export type ParameterValue = string | number | bigint | boolean;

/** Parameters of each request by their names, as the Open Inference Protocol has them. */
export type RequestParameters = Readonly<Record<string, ParameterValue>>;
