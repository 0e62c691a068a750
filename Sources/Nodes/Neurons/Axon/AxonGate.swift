import Keys
import Primitives
import SubnetKit
import Synchronization
import Transport
import Wire

/// A request that passed every check before the mechanism sees it.
struct AdmittedRequest: Sendable {
  let cover: SignedEnvelope
  let payload: [UInt8]
  let caller: Neuron
  let timeRemaining: Duration
}

/// Decides which requests reach the mechanism: cheap checks first, the signature late, who may ask last.
///
/// Holds what it takes to decide, the replay guard and the count of requests under way; it neither waits nor sends.
final class AxonGate: Sendable {
  private struct State {
    var replay: ReplayGuard
    var underWay: [Hotkey: Int] = [:]
  }

  let account: AccountID
  let chainID: Hash256
  let netuid: NetUID
  let synapse: EnvelopeMessage
  let members: SubnetMembers
  let admission: Admission
  let settings: AxonSettings
  private let state: Mutex<State>

  /// - Parameter startMilliseconds: Nothing sent before it is answered; the memory of it is lost.
  init(
    account: AccountID, chainID: Hash256, netuid: NetUID, synapse: EnvelopeMessage, members: SubnetMembers,
    admission: Admission, settings: AxonSettings, startMilliseconds: UInt64
  ) {
    self.account = account
    self.chainID = chainID
    self.netuid = netuid
    self.synapse = synapse
    self.members = members
    self.admission = admission
    self.settings = settings
    state = Mutex(State(replay: ReplayGuard(startMilliseconds: startMilliseconds)))
  }

  /// Lets a request through and takes a place for it, to be given back with `finish`.
  func admit(
    _ cover: SignedEnvelope, _ frames: MessageFrames, nowMilliseconds now: UInt64
  ) throws(AxonRefusal) -> AdmittedRequest {
    let bytes = frames.chunks.reduce(0) { $0 + $1.count }
    guard bytes <= settings.payloadLimit else { throw .payloadTooLarge(bytes: bytes, limit: settings.payloadLimit) }
    try verify(cover, frames, nowMilliseconds: now)
    let caller = Hotkey(cover.envelope.sender)
    guard let member = members.member(caller) else { throw .callerNotRegistered(caller, netuid) }
    if let refusal = admission.refusal(of: member) { throw .notAdmitted(refusal) }
    guard cover.envelope.message == synapse else { throw .unknownSynapse(cover.envelope.message, known: synapse) }
    try takePlace(for: caller)
    return AdmittedRequest(
      cover: cover, payload: frames.payload, caller: member,
      timeRemaining: timeRemaining(of: cover.envelope, nowMilliseconds: now))
  }

  /// Gives back the place of a request.
  func finish(_ request: AdmittedRequest) {
    state.withLock { state in
      guard let count = state.underWay[request.caller.hotkey] else { return }
      state.underWay[request.caller.hotkey] = count > 1 ? count - 1 : nil
    }
  }

  private func verify(
    _ cover: SignedEnvelope, _ frames: MessageFrames, nowMilliseconds now: UInt64
  ) throws(AxonRefusal) {
    do throws(EnvelopeError) {
      try check { (replay) throws(EnvelopeError) in try replay.check(cover.envelope, nowMilliseconds: now) }
      try cover.verifyRequest(
        to: account, chainID: chainID, netuid: netuid, payload: PayloadDigest(ofFrames: frames.chunks),
        payloadLimit: UInt64(settings.payloadLimit))
      // Only a verified request may use up an id of its sender.
      try check { (replay) throws(EnvelopeError) in try replay.admit(cover.envelope, nowMilliseconds: now) }
    } catch {
      throw .envelope(error)
    }
  }

  private func check(_ body: (inout ReplayGuard) throws(EnvelopeError) -> Void) throws(EnvelopeError) {
    try state.withLock { (state) throws(EnvelopeError) in try body(&state.replay) }
  }

  private func takePlace(for caller: Hotkey) throws(AxonRefusal) {
    let isTaken = state.withLock { state in
      guard state.underWay[caller, default: 0] < settings.callerConcurrencyLimit else { return false }
      state.underWay[caller, default: 0] += 1
      return true
    }
    guard isTaken else { throw noPlace(limit: settings.callerConcurrencyLimit) }
  }

  func noPlace(limit: Int) -> AxonRefusal {
    .noPlace(limit: limit, retryMilliseconds: UInt64(max(1, settings.busyRetry / .milliseconds(1))))
  }

  private func timeRemaining(of envelope: Envelope, nowMilliseconds now: UInt64) -> Duration {
    let (end, overflow) = envelope.sentAtMilliseconds.addingReportingOverflow(envelope.deadlineMilliseconds)
    let left = overflow ? UInt64.max : end - min(end, now)
    return min(.milliseconds(Int64(min(left, UInt64(Int64.max)))), settings.workLimit)
  }
}
