import { UsageError } from "../../core/errors.ts";
import type { Protocol, ProtocolFactory } from "../../core/protocol.ts";
import type { Call, WireRequest } from "../../core/transport.ts";

/** Where a version of a model stands in a server's paths. */
export interface ModelVersion {
  /** A call that asks for that version wherever it asks for a model. */
  call(call: Call): Call;
  /** A protocol whose requests do the same. */
  protocol(protocol: Protocol): Protocol;
}

/** All versions: paths as the protocol writes them. */
const ANY_VERSION: ModelVersion = { call: (call) => call, protocol: (protocol) => protocol };

/**
 * One version of a model, or any.
 *
 * @param factory Its protocol says where a version stands.
 * @param version The version, or `undefined` for the one that the server chooses.
 * @throws {UsageError} If the protocol knows no versions, or the version cannot be one.
 */
export function modelVersion(factory: ProtocolFactory, version: string | undefined): ModelVersion {
  if (version === undefined) return ANY_VERSION;
  if (factory.versionedPath === undefined) {
    throw new UsageError(
      `Cannot ask for version ${version} as the protocol must have versions of models: ${factory.name} has none`,
      { hint: "Leave the version out." },
    );
  }
  if (!/^[\w.+-]+$/.test(version)) {
    throw new UsageError(`Cannot ask for a version as it must be letters, digits, dots and dashes: found "${version}"`);
  }
  const versioned = <R extends WireRequest>(request: R): R => ({
    ...request,
    path: factory.versionedPath!(request.path, version),
  });
  return {
    call: (call) => (request, options) => call(versioned(request), options),
    protocol: (protocol) => ({
      ...protocol,
      encode: (model, inputs, options) => versioned(protocol.encode(model, inputs, options)),
    }),
  };
}
