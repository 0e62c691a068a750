import Keys
import Ledger
import Neurons
import Primitives
import Synchronization
import Transport
import Wire

/// A chain that does as the test says: one subnet, blocks on demand, and what nodes send to it written down.
final class ScriptedChain: Sendable {
  static let authority = KeyPair.development(name: "authority")
  static let chainID = Hash256(hashing: Array("scripted".utf8))
  static let netuid = NetUID(1)

  struct SentWeights: Hashable {
    var block: UInt64
    var signer: AccountID
    var uids: [UInt16]
    var values: [UInt16]
  }

  struct Commit: Hashable {
    var signer: AccountID
    var hash: Hash256
    var epoch: UInt64
    var block: UInt64
  }

  struct State {
    var height: UInt64 = 1
    var tempo: UInt64 = 10
    var lastEpochBlock: UInt64 = 0
    var epochIndex: UInt64 = 0
    var commitReveal = false
    var weightsRateLimit: UInt64 = 5
    var hotkeys: [AccountID] = []
    var permits: Set<AccountID> = []
    /// Stake weights in rao; none where there is no entry.
    var stakes: [AccountID: UInt64] = [:]
    var axons: [AccountID: Fields] = [:]
    var lastUpdate: [AccountID: UInt64] = [:]
    var nonces: [AccountID: UInt64] = [:]
    var pool: [Extrinsic] = []
    var receipts: [Hash256: Fields] = [:]
    /// What reached the ledger, in order.
    var calls: [String] = []
    var submissions: [[UInt8]] = []
    var weights: [SentWeights] = []
    var commits: [Commit] = []
    /// Refuses the next submissions with these, one each.
    var refusals: [LedgerErrorCode] = []
    /// Includes the next extrinsics as failed with these, one each.
    var failures: [LedgerErrorCode] = []
    /// Replies that get lost on their way, after the request was worked on.
    var repliesToLose = 0
    /// Who signs the replies.
    var signer = ScriptedChain.authority
    var hasSubnet = true
    var queries: [String: Int] = [:]

    var nextEpochBlock: UInt64 { lastEpochBlock + tempo }
  }

  private let state: Mutex<State>
  let clock: TestClock
  let endpoint = Endpoint.loop("chain")

  init(_ clock: TestClock, hotkeys: [KeyPair] = [], permits: [KeyPair] = []) {
    self.clock = clock
    var state = State()
    state.hotkeys = hotkeys.map(\.account)
    state.permits = Set(permits.map(\.account))
    self.state = Mutex(state)
  }

  /// What it knows now.
  var now: State { state.withLock { $0 } }

  func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

  var address: ChainAddress { ChainAddress(endpoint: endpoint, authority: ScriptedChain.authority.account) }

  /// Answers until cancelled; a second call is a chain that started again.
  func serve(on network: LoopbackNetwork) async throws {
    let node = network.node(named: "chain", key: .of(ScriptedChain.authority))
    let receiver = try await node.bindReceiver(at: endpoint, admission: TransportAdmission(.any))
    try await receiver.serve(concurrencyLimit: 64, overloaded: { _ in nil }) { await self.answer($0.frames) }
  }

  /// Makes a block of all that waits.
  func makeBlock() {
    state.withLock { state in
      state.height += 1
      if state.height >= state.nextEpochBlock {
        state.lastEpochBlock = state.height
        state.epochIndex += 1
      }
      for (index, extrinsic) in state.takeReady().enumerated() { state.include(extrinsic, at: index) }
    }
  }

  func makeBlocks(every time: Duration) async throws {
    while true {
      try await clock.sleep(for: time)
      makeBlock()
    }
  }

  private func answer(_ frames: MessageFrames) async -> MessageFrames? {
    guard let request = try? SignedEnvelope(decoding: frames.envelope) else { return refuse(frames.envelope) }
    do throws(EnvelopeError) {
      try request.verifyRequest(
        to: ScriptedChain.authority.account, chainID: ScriptedChain.chainID, netuid: .root,
        payload: PayloadDigest(ofFrames: frames.chunks))
    } catch {
      return reply(to: request, error.status, [], error.description)
    }
    guard let query = try? WireCodec.decode(frames.payload, as: .queryRequest),
      let (name, arguments) = query.member
    else { return reply(to: request, .malformed, [], "no query") }
    state.withLock { $0.queries[name, default: 0] += 1 }
    let fields = await answer(name, arguments)
    let isLost = state.withLock { state in
      guard state.repliesToLose > 0 else { return false }
      state.repliesToLose -= 1
      return true
    }
    if isLost { return nil }
    var answer: Fields = ["at_block": .unsigned(state.withLock { $0.height })]
    switch fields {
    case .success(let fields): answer.append(name, .group(fields))
    case .failure(let refusal): answer.append("error", .group(refusal.fields))
    }
    return reply(to: request, .ok, (try? WireCodec.encode(answer, as: .queryReply)) ?? [], "")
  }

  private func answer(_ name: String, _ arguments: Fields) async -> Result<Fields, Refusal> {
    switch name {
    case "heads_after": return .success(await heads(after: arguments.count("block"), wait: arguments.count("wait_ms")))
    case "submit": return submit(arguments.blob("extrinsic")).map { ["extrinsic_id": .bytes($0.bytes)] }
    case "submit_and_wait": return await submitAndWait(arguments.blob("extrinsic"))
    default: return state.withLock { $0.answer(name, arguments) }
    }
  }

  private func heads(after block: UInt64, wait: UInt64) async -> Fields {
    var waited: UInt64 = 0
    while state.withLock({ $0.height }) <= block, waited < wait {
      guard (try? await clock.sleep(for: .milliseconds(10))) != nil else { break }
      waited += 10
    }
    return state.withLock { state in
      let first = max(block + 1, state.height > 3 ? state.height - 3 : 1)
      guard first <= state.height else { return ["announcements": .bytesList([])] }
      return ["announcements": .bytesList((first...state.height).map(State.announcement))]
    }
  }

  private func submit(_ bytes: [UInt8]) -> Result<Hash256, Refusal> {
    guard let extrinsic = try? Extrinsic(decoding: bytes), extrinsic.hasValidSignature else {
      return .failure(Refusal(.badSignature))
    }
    return state.withLock { state in
      state.submissions.append(bytes)
      if !state.refusals.isEmpty { return .failure(Refusal(state.refusals.removeFirst())) }
      if state.receipts[extrinsic.id] != nil || state.pool.contains(where: { $0.id == extrinsic.id }) {
        return .success(extrinsic.id)
      }
      let signer = extrinsic.body.signer
      guard extrinsic.body.nonce >= state.nonces[signer, default: 0] else { return .failure(Refusal(.stale)) }
      if state.pool.contains(where: { $0.body.signer == signer && $0.body.nonce == extrinsic.body.nonce }) {
        return .failure(Refusal(.tipTooLow))
      }
      state.pool.append(extrinsic)
      return .success(extrinsic.id)
    }
  }

  private func submitAndWait(_ bytes: [UInt8]) async -> Result<Fields, Refusal> {
    switch submit(bytes) {
    case .failure(let refusal): return .failure(refusal)
    case .success(let id):
      while true {
        if let receipt = state.withLock({ $0.receipts[id] }) { return .success(receipt) }
        guard (try? await clock.sleep(for: .milliseconds(10))) != nil else { return .failure(Refusal(.poolFull)) }
      }
    }
  }

  private func reply(
    to request: SignedEnvelope, _ status: EnvelopeStatus, _ payload: [UInt8], _ detail: String
  ) -> MessageFrames? {
    let signer = state.withLock { $0.signer }
    guard
      let cover = try? SignedEnvelope(
        replyingTo: request, status: status, payload: PayloadDigest(of: payload),
        sentAtMilliseconds: clock.millisecondsSince1970, errorDetail: detail, with: signer)
    else { return nil }
    return try? MessageFrames(envelope: cover.encoded(), payload: payload)
  }

  private func refuse(_ garbage: [UInt8]) -> MessageFrames? {
    let key = state.withLock { $0.signer }
    let envelope = Envelope(
      chainID: ScriptedChain.chainID, netuid: .root, message: ChainClient.message, sender: key.account,
      receiver: .zero, requestID: 0, sentAtMilliseconds: clock.millisecondsSince1970, deadlineMilliseconds: 0,
      payload: PayloadDigest(of: []),
      reply: ReplyHead(requestDigest: Hash256(hashing: garbage), status: .malformed))
    guard let cover = try? SignedEnvelope(signing: envelope, with: key) else { return nil }
    return try? MessageFrames(envelope: cover.encoded())
  }

  struct Refusal: Error {
    let code: LedgerErrorCode
    init(_ code: LedgerErrorCode) { self.code = code }
    var fields: Fields {
      [
        "code": .unsigned(UInt64(code.rawValue)), "name": .bytes(Array(code.name.utf8)),
        "message": .bytes(Array(code.meaning.utf8)),
      ]
    }
  }
}

extension TransportKey {
  static func of(_ key: KeyPair) -> TransportKey { TransportKeyPair(converting: key).publicKey }
}

extension Fields {
  func count(_ name: String) -> UInt64 {
    if case .unsigned(let number)? = self[name] { number } else { 0 }
  }

  func blob(_ name: String) -> [UInt8] {
    if case .bytes(let bytes)? = self[name] { bytes } else { [] }
  }

  /// The one sub-message.
  fileprivate var member: (String, Fields)? {
    for entry in entries {
      if case .group(let fields) = entry.value { return (entry.name, fields) }
    }
    return nil
  }
}
