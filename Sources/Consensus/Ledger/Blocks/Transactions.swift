package import Primitives

/// How a transaction ended: its receipt without the place in the block.
package struct TransactionOutcome: Sendable, Hashable {
  /// Nil for success.
  package let error: LedgerError?
  package let events: [LedgerEvent]
  /// Rao charged and recycled, tip included.
  package let fee: UInt64

  package init(error: LedgerError?, events: [LedgerEvent], fee: UInt64) {
    self.error = error
    self.events = events
    self.fee = fee
  }
}

/// Caps and lifetimes of transactions. Source: registry 14.
package enum TransactionLimits {
  /// Nonces ahead of the account's that the pool keeps.
  package static let nonceWindow: UInt64 = 64
  /// Blocks, powers of two.
  package static let periods: ClosedRange<UInt32> = 4...4096
  package static let specVersion: UInt32 = 1
}

// Transactions: envelope checks, then the call. Source: registry 14.
extension LedgerState {
  /// The checks a body must pass to stand in block `number`, in their order, the signature excepted.
  ///
  /// - Parameter gap: Nonces the body may be ahead of its account; 0 at execution.
  /// - Throws: `TooLarge` … `Future`; a body that throws here is in no valid block.
  package func checkEnvelope(
    _ body: ExtrinsicBody, size: Int, chainID: Hash256, in number: BlockNumber, gap: UInt64 = 0
  ) throws(LedgerError) {
    guard size <= CallLimits.bytes else { throw .tooLarge.with("bytes", size).with("limit", CallLimits.bytes) }
    guard body.chainID == chainID else { throw .wrongChain.with("chain_id", body.chainID.description) }
    guard body.specVersion == TransactionLimits.specVersion else {
      throw .wrongVersion.with("spec_version", body.specVersion).with("expected", TransactionLimits.specVersion)
    }
    try checkMortality(body, in: number)
    let nonce = account(body.signer).nonce
    guard body.nonce >= nonce, body.nonce != .max else {
      throw .stale.with("nonce", body.nonce).with("expected", nonce)
    }
    guard body.nonce - nonce <= gap else { throw .future.with("nonce", body.nonce).with("expected", nonce) }
  }

  private func checkMortality(_ body: ExtrinsicBody, in number: BlockNumber) throws(LedgerError) {
    guard body.period > 0 else { return }
    guard TransactionLimits.periods.contains(body.period), body.period.nonzeroBitCount == 1 else {
      throw .malformed.with("period", body.period)
    }
    guard number > body.birth else { throw LedgerError(.notYetValid, retryAt: body.birth.advanced(by: 1), now: number) }
    guard number <= body.birth.advanced(by: UInt64(body.period)) else {
      throw .expired.with("birth", body.birth).with("period", body.period)
    }
  }

  /// The call in a body.
  ///
  /// - Throws: `Malformed`, which keeps a transaction out of blocks; `CallNotSupported`, which does not.
  package static func wellFormedCall(_ call: [UInt8], with host: HostFunctions) throws(LedgerError) -> any LedgerCall {
    try PreparedCall(call, with: host).call.get()
  }

  /// Runs a transaction that passed the envelope checks: nonce and fee stay whatever happens, the rest only on success.
  package mutating func execute(_ body: ExtrinsicBody, with host: HostFunctions) -> TransactionOutcome {
    execute(body, PreparedCall(body.call, with: host), with: host)
  }

  /// The same for a call that was read before.
  ///
  /// - Precondition: `prepared` was made from `body.call`.
  package mutating func execute(
    _ body: ExtrinsicBody, _ prepared: PreparedCall, with host: HostFunctions
  ) -> TransactionOutcome {
    takeNonce(of: body.signer)
    do throws(LedgerError) {
      let call = try prepared.call.get()
      if chain.isPaused, !passesPause(type(of: call).descriptor) { throw .chainPaused }
      let fee = try charge(body, units: prepared.feeUnits)
      return run(call, as: .signed(body.signer), fee: fee, with: host)
    } catch {
      return TransactionOutcome(error: error, events: [], fee: 0)
    }
  }

  private mutating func run(
    _ call: any LedgerCall, as origin: Origin, fee: UInt64, with host: HostFunctions
  ) -> TransactionOutcome {
    beginTransaction()
    defer { endTransaction() }
    let start = savepoint()
    do throws(LedgerError) {
      return TransactionOutcome(error: nil, events: try call.execute(on: &self, as: origin, with: host), fee: fee)
    } catch {
      undo(to: start)
      return TransactionOutcome(error: error, events: [], fee: fee)
    }
  }

  /// Runs a call outside a transaction of the chain: genesis, and tests of single rules.
  package mutating func run(
    _ call: any LedgerCall, as origin: Origin, with host: HostFunctions
  ) throws(LedgerError) -> [LedgerEvent] {
    let outcome = run(call, as: origin, fee: 0, with: host)
    if let error = outcome.error { throw error }
    return outcome.events
  }

  private mutating func takeNonce(of signer: AccountID) {
    var record = account(signer)
    record.nonce += 1
    accounts[signer] = record
  }

  private mutating func charge(_ body: ExtrinsicBody, units: Int) throws(LedgerError) -> UInt64 {
    let flat = chain.parameters.transactionFee.value
    let (fees, isTooMuch) = flat.multipliedReportingOverflow(by: UInt64(units))
    let (fee, overflow) = fees.addingReportingOverflow(body.tip.value)
    guard !isTooMuch, !overflow else { throw .balanceTooLow.with("tip", body.tip) }
    guard fee > 0 else { return 0 }
    try debit(fee, from: Coldkey(body.signer), shortage: .balanceTooLow)
    recycle(fee)
    return fee
  }

  /// Sudo, governance, weights, serving and commitments pass a paused chain.
  private func passesPause(_ descriptor: CallDescriptor) -> Bool {
    descriptor.isWeightCall || [6, 17, 46, 54, 55, 56, 57].contains(descriptor.number)
  }
}
