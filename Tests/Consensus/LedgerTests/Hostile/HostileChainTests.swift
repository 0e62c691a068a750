import Glibc
import Keys
import Ledger
import Primitives
import TestThreads
import Testing

/// A chain that strangers feed with anything, from one seed.
struct HostileChain {
  var fixture: LedgerFixture
  var calls: HostileCalls
  /// Over the states at every height so far.
  private(set) var digest = Hash256.zero
  private(set) var accepted: [String: Int] = [:]

  init(seed: UInt64) throws {
    fixture = try LedgerFixture.withSubnet { genesis in
      genesis.parameters.maxOpenProposals = 5
      genesis.parameters.votingPeriod = 8
      genesis.parameters.enactmentDelay = 2
      genesis.parameters.autoStart = !seed.isMultiple(of: 3)
      genesis.parameters.newSubnet.commitRevealWeightsEnabled = seed.isMultiple(of: 4)
      genesis.parameters.newSubnet.weightsRateLimit = seed % 3
    }
    calls = HostileCalls(seed: seed)
    for name in ["validator", "miner"] {
      try fixture.stakeOnRoot(500, by: name, on: name)
    }
    try fixture.run(RootRegister(hotkey: LedgerFixture.hotkey("validator")), as: "validator")
    for (real, delegate) in zip(HostileCalls.names, HostileCalls.names.dropFirst()) where real != "sudo" {
      try fixture.run(AddProxy(delegate: LedgerFixture.account(delegate), type: .any), as: real)
    }
  }

  /// One block with one call of every type; returns what it broke.
  mutating func block(recordingState: Bool) -> String? {
    fixture.advance(1)
    for type in CallTable.all {
      let bytes = calls.sent(type)
      let signer = calls.signer(of: type)
      let body = ExtrinsicBody(
        chainID: LedgerFixture.chainID, specVersion: 1, signer: signer, nonce: fixture.state.account(signer).nonce,
        birth: .genesis, period: 0, tip: .zero, call: bytes)
      let outcome = fixture.state.execute(body, with: LedgerFixture.host)
      if outcome.error == nil, outcome.events.last?.number("result") ?? 0 == 0 {
        accepted[type.descriptor.name, default: 0] += 1
      }
    }
    if recordingState { digest = Hash256(hashing: digest.bytes + fixture.state.canonicalBytes) }
    return fixture.state.brokenInvariant()
  }

  /// Blocks after which a chain begins anew: root in the hands of strangers leaves little alive.
  static let life = 100
}

@Suite(.computing) struct HostileChainTests {
  /// Calls of each type; `SUBNETKIT_HOSTILE_CALLS` asks for more.
  static let callsPerType = getenv("SUBNETKIT_HOSTILE_CALLS").flatMap { Int(String(cString: $0)) } ?? 2000

  @Test(arguments: 0..<max(1, callsPerType / HostileChain.life))
  func noCallTrapsOrBreaksAnInvariant(seed: Int) throws {
    var chain = try HostileChain(seed: UInt64(seed))
    for _ in 0..<HostileChain.life {
      let broken = chain.block(recordingState: false)
      #expect(broken == nil, "block \(chain.fixture.state.block)")
      if broken != nil { return }
    }
  }

  /// A call that is always refused has not been tried.
  @Test func everyTypeIsAcceptedNowAndThen() throws {
    var never = Set(CallTable.all.map { $0.descriptor.name })
    for seed in UInt64(0)..<30 where !never.isEmpty {
      var chain = try HostileChain(seed: seed)
      for _ in 0..<HostileChain.life { _ = chain.block(recordingState: false) }
      never.subtract(chain.accepted.keys)
    }
    // Nobody guesses the weights behind a hash.
    #expect(never == ["RevealWeights"])
  }

  @Test func aRefusedCallCostsItsNonceAndFeeAndNothingElse() throws {
    var chain = try HostileChain(seed: 11)
    for _ in 0..<10 {
      _ = chain.block(recordingState: false)
      for type in CallTable.all {
        let before = chain.fixture
        let bytes = chain.calls.sent(type)
        let outcome = chain.fixture.send(bytes, as: "owner")
        guard outcome.error != nil, outcome.fee == 0 else { continue }
        let expected = before.afterFailure(of: "owner")
        #expect(chain.fixture.state.canonicalBytes == expected.canonicalBytes, "\(type.descriptor.name)")
      }
    }
  }

  @Test func aSnapshotHoldsWhateverStrangersMade() throws {
    var chain = try HostileChain(seed: 99)
    for _ in 0..<60 {
      _ = chain.block(recordingState: false)
      let bytes = chain.fixture.state.canonicalBytes
      #expect(LedgerState(canonicalBytes: bytes)?.canonicalBytes == bytes)
    }
  }

  /// The sections that a block reports as changed are all it changed.
  @Test func unreportedSectionsStayAsTheyWere() throws {
    var chain = try HostileChain(seed: 7)
    var known: [StateSection: [UInt8]] = [:]
    for section in chain.fixture.state.takeChangedSections() {
      known[section] = chain.fixture.state.canonicalBytes(of: [section]).first ?? nil
    }
    for _ in 0..<40 {
      _ = chain.block(recordingState: false)
      for section in chain.fixture.state.takeChangedSections() {
        known[section] = chain.fixture.state.canonicalBytes(of: [section]).first ?? nil
      }
      for (section, bytes) in known {
        #expect(chain.fixture.state.canonicalBytes(of: [section]).first ?? nil == bytes, "section \(section)")
      }
    }
  }

  static func digest(seed: UInt64) throws -> String {
    var chain = try HostileChain(seed: seed)
    for _ in 0..<50 { _ = chain.block(recordingState: true) }
    return chain.digest.description
  }

  /// Hash order differs from process to process, so a rule that follows it shows here.
  @Test func theSameCallsGiveTheSameStatesInTwoProcesses() async throws {
    let here = try Self.digest(seed: 5)
    #expect(try Self.digest(seed: 5) == here)
    print("states of the random chain 5: \(here)")
    let other = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      print("states of the random chain 5: \(try HostileChainTests.digest(seed: 5))")
    }
    let output = String(decoding: try #require(other).standardOutputContent, as: UTF8.self)
    #expect(output.contains(here))
  }
}
