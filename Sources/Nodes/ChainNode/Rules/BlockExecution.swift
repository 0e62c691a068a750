package import Ledger
package import Primitives
package import Wire

/// An extrinsic on its way into a block: it and its call are decoded once, its bytes kept as they came.
///
/// Shared, not copied: pool, block and history all hold the same one.
package final class Candidate: Sendable {
  package let extrinsic: Extrinsic
  /// The encoded `SignedExtrinsic`.
  package let encoded: [UInt8]
  package let call: PreparedCall

  /// The name of its call; empty when the call cannot be read.
  package var callName: String { call.name }

  package init(_ extrinsic: Extrinsic, encoded: [UInt8]) {
    self.extrinsic = extrinsic
    self.encoded = encoded
    call = PreparedCall(extrinsic.body.call, with: .chain)
  }

  /// Reads an extrinsic as it was sent; the signature is not verified.
  package convenience init(decoding bytes: [UInt8]) throws(WireError) {
    self.init(try Extrinsic(decoding: bytes), encoded: bytes)
  }
}

/// Where an execution is.
package enum ExecutionStep: Sendable {
  /// The part of a block that happens by itself.
  case block(BlockNumber)
  case extrinsic(BlockNumber, Candidate)
  /// An extrinsic on its way into the pool: its call is read, and tried where nobody pays for a failure.
  case admission(BlockNumber, Candidate)
  case done
}

/// The pure step from one state to the next: the same for the node that makes a block and the one that replays it.
package struct BlockExecution: Sendable {
  package let chainID: Hash256
  package let host: HostFunctions
  /// Whether all books are closed after every block, at the cost of a walk over the state; changes are always checked.
  package var checksInvariants: Bool

  /// Told of each step before it is taken, in the thread that takes it.
  package var observer: (@Sendable (ExecutionStep) -> Void)?

  package init(chainID: Hash256, host: HostFunctions = .chain, checksInvariants: Bool = BlockExecution.isDebugBuild) {
    self.chainID = chainID
    self.host = host
    self.checksInvariants = checksInvariants
  }

  #if DEBUG
    package static let isDebugBuild = true
  #else
    package static let isDebugBuild = false
  #endif

  /// Runs the next block.
  ///
  /// - Parameters:
  ///   - candidates: Signatures verified, nonces ascending per signer.
  ///   - state: After the parent block; `root` is its root.
  /// - Throws: `.invariantBroken` only; whatever stands in an extrinsic makes a failed receipt or is left out.
  package func run(
    _ candidates: [Candidate], on state: LedgerState, root: StateRoot
  ) throws(ChainNodeError) -> ExecutedBlock {
    let parent = state
    var state = state
    var events: [BlockEvent] = []
    let number = BlockNumber(state.block.value + 1)
    observer?(.block(number))
    defer { observer?(.done) }
    let step = state.beginBlock(with: host)
    try add(step, by: nil, to: &events, in: number)
    var executed: [ExecutedExtrinsic] = []
    executed.reserveCapacity(candidates.count)
    var leftOut: [(id: Hash256, error: LedgerError)] = []
    for candidate in candidates {
      let body = candidate.extrinsic.body
      do throws(LedgerError) {
        try state.checkEnvelope(body, size: candidate.encoded.count, chainID: chainID, in: number)
      } catch {
        leftOut.append((candidate.extrinsic.id, error))
        continue
      }
      observer?(.extrinsic(number, candidate))
      let outcome = state.execute(body, candidate.call, with: host)
      let first = events.count
      try add(outcome.events, by: UInt32(executed.count), to: &events, in: number)
      executed.append(
        ExecutedExtrinsic(
          candidate: candidate, error: outcome.error, fee: Rao(outcome.fee), events: first..<events.count))
    }
    if let broken = state.brokenInvariant(since: parent) ?? (checksInvariants ? state.brokenInvariant() : nil) {
      throw .invariantBroken(broken, height: number)
    }
    var root = root
    root.update(from: &state)
    return ExecutedBlock(
      number: number, state: state, stateRoot: root, extrinsics: executed, events: events, leftOut: leftOut)
  }

  private func add(
    _ new: [LedgerEvent], by index: UInt32?, to events: inout [BlockEvent], in number: BlockNumber
  ) throws(ChainNodeError) {
    for event in new {
      guard let coded = BlockEvent(event, extrinsicIndex: index) else {
        throw .invariantBroken("the schema has no event \(event.name) with these fields", height: number)
      }
      events.append(coded)
    }
  }
}
