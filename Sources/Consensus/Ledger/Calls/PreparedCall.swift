package import Primitives

/// An encoded call, read once for everything that admission and execution ask about it.
///
/// Depends on the bytes alone, so it is made off the path of blocks and holds at any height.
package struct PreparedCall: Sendable {
  /// Its name as in the specification, also of a call that this ledger does not execute; empty when it cannot be read.
  package let name: String
  /// Its arguments by name; empty when it cannot be read.
  package let arguments: Fields
  /// The typed call, or why there is none: `Malformed`, which keeps a transaction out of blocks, or `CallNotSupported`.
  package let call: Result<any LedgerCall, LedgerError>
  /// How many flat fees it costs, those of the calls inside it included.
  package let feeUnits: Int

  package init(_ bytes: [UInt8], with host: HostFunctions) {
    let fields = host.decodeCall(bytes)
    let entry = fields?.entries.first
    name = entry.map { CallTable.type(named: $0.name)?.descriptor.name ?? $0.name } ?? ""
    if case .group(let group)? = entry?.value { arguments = group } else { arguments = Fields() }
    feeUnits = entry.map { InnerCalls.feeUnits(of: $0, with: host) } ?? 1
    let depth = entry.map { InnerCalls.depth(of: $0, with: host) } ?? 1
    call = Result { () throws(LedgerError) in
      guard depth <= CallLimits.depth else { throw .malformed }
      return try CallTable.call(from: fields)
    }
  }
}
