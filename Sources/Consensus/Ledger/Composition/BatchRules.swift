import Primitives

extension FieldMapper {
  /// More calls than a batch takes are an error of the row, not of the encoding, so the cap here is the frame's.
  mutating func calls(_ calls: inout [[UInt8]]) {
    bytesList("calls", &calls, limit: CallLimits.bytes, each: CallLimits.bytes)
  }
}

/// - Throws: `NotAuthorized` for root; `NestedBatch` when a batch stands inside, at any depth; `TooManyCalls`.
func requireFlatBatch(_ calls: [[UInt8]], of origin: Origin, with host: HostFunctions) throws(LedgerError) {
  _ = try origin.signer()
  let batches: Set<UInt16> = [43, 44, 45]
  for call in calls where InnerCalls.contains(call, with: host, where: { batches.contains($0) }) { throw .nestedBatch }
  guard calls.count <= CallLimits.batch else {
    throw .tooManyCalls.with("calls", UInt64(calls.count)).with("limit", UInt64(CallLimits.batch))
  }
}
