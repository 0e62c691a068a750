import Primitives

/// Caps on calls that travel inside calls. Source: registry 2, 14.
package enum CallLimits {
  /// A signed body, and so every call in it.
  package static let bytes = 64 * 1024
  /// Levels of calls, the outermost included.
  package static let depth = 4
  package static let batch = 256
  /// Bytes of a parameter's name.
  package static let name = 64
  /// Entries of a weight vector on the wire; a subnet has at most 256 uids.
  package static let weights = 4096
}

/// How a call inside another ended.
package struct InnerResult: Sendable {
  package var error: LedgerError?
  package var events: [LedgerEvent]
}

extension LedgerState {
  /// Decodes and runs a call that travelled inside another; an error takes back what the inner call wrote.
  package mutating func runInner(_ bytes: [UInt8], as origin: Origin, with host: HostFunctions) -> InnerResult {
    let savepoint = savepoint()
    do throws(LedgerError) {
      guard InnerCalls.depth(of: bytes, with: host) < CallLimits.depth else { throw .malformed }
      let call = try CallTable.call(from: host.decodeCall(bytes))
      return InnerResult(error: nil, events: try call.execute(on: &self, as: origin, with: host))
    } catch {
      undo(to: savepoint)
      return InnerResult(error: error, events: [])
    }
  }
}

/// Looks into encoded calls without running them.
package enum InnerCalls {
  /// Levels of calls in encoded bytes: 1 for a call without inner ones. Stops counting past the limit.
  package static func depth(of bytes: [UInt8], with host: HostFunctions, level: Int = 1) -> Int {
    guard level <= CallLimits.depth, let call = host.decodeCall(bytes)?.entries.first else { return level }
    return depth(of: call, with: host, level: level)
  }

  /// The same for a call that is decoded already.
  static func depth(of call: Fields.Entry, with host: HostFunctions, level: Int = 1) -> Int {
    inner(of: call).map { depth(of: $0, with: host, level: level + 1) }.max() ?? level
  }

  /// Whether the call, or one inside it, has a number that matches.
  package static func contains(
    _ bytes: [UInt8], with host: HostFunctions, level: Int = 1, where matches: (UInt16) -> Bool
  ) -> Bool {
    guard level <= CallLimits.depth, let call = host.decodeCall(bytes)?.entries.first else { return false }
    if let type = CallTable.type(named: call.name), matches(type.descriptor.number) { return true }
    return inner(of: call).contains { contains($0, with: host, level: level + 1, where: matches) }
  }

  /// How many flat fees a call costs: a proxied call what it costs itself, a batch one more than its calls together.
  ///
  /// Source: registry 2, 20.
  package static func feeUnits(of bytes: [UInt8], with host: HostFunctions, level: Int = 1) -> Int {
    guard level <= CallLimits.depth, let call = host.decodeCall(bytes)?.entries.first else { return 1 }
    return feeUnits(of: call, with: host, level: level)
  }

  /// The same for a call that is decoded already.
  static func feeUnits(of call: Fields.Entry, with host: HostFunctions, level: Int = 1) -> Int {
    guard let descriptor = CallTable.type(named: call.name)?.descriptor else { return 1 }
    let innerUnits = inner(of: call).reduce(0) { $0 + feeUnits(of: $1, with: host, level: level + 1) }
    switch descriptor.number {
    case 41: return innerUnits
    case 43, 44, 45: return 1 + innerUnits
    default: return descriptor.bearsFee ? 1 : 0
    }
  }

  /// The encoded calls directly inside a call.
  private static func inner(of call: Fields.Entry) -> [[UInt8]] {
    guard case .group(let fields) = call.value else { return [] }
    if case .bytes(let inner)? = fields["call"] { return [inner] }
    if case .bytesList(let inner)? = fields["calls"] { return inner }
    return []
  }
}
