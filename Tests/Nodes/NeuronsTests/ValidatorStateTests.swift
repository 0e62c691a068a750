import Daemon
import Keys
import Neurons
import Primitives
import SubnetKit
import Testing

@Suite struct ValidatorStateTests {
  private let owner = ValidatorState.Owner(
    chainID: Hash256(hashing: [1]), netuid: NetUID(1), mechid: .main,
    hotkey: Hotkey(KeyPair.development(name: "Validator").account))

  private func filled() throws -> ValidatorState {
    var state = ValidatorState(owner: owner, scoreShare: 0.25)
    for name in ["A", "B"] {
      let hotkey = Hotkey(KeyPair.development(name: name).account)
      state.book.record(try Score(name == "A" ? 0.3 : 1), for: hotkey, at: BlockNumber(7))
      var tally = TaskTally()
      tally.sent = 5
      tally.timedOut = 2
      state.tallies[hotkey] = tally
    }
    state.nextRound = 12
    state.lastWeightsBlock = BlockNumber(6)
    let view = try metagraph(of: [(.development(name: "A"), false), (.development(name: "B"), false)])
    let weights = [MinerWeight(uid: UID(1), weight: 65535)]
    let row = try #require(WeightsRow(weights, own: UID(0), in: view))
    state.commits = [
      PendingCommit(
        hash: Hash256(hashing: [9]), row: row, salt: Array(0..<32), versionKey: 3, madeAt: BlockNumber(5),
        hasLanded: true)
    ]
    return state
  }

  @Test func whatWasWrittenIsReadBack() throws {
    let state = try filled()
    #expect(try ValidatorState(serialized: state.serialized) == state)
    let empty = ValidatorState(owner: owner, scoreShare: 0.1)
    #expect(try ValidatorState(serialized: empty.serialized) == empty)
  }

  @Test func everyChangedByteAndEveryCutIsNoticed() throws {
    let bytes = try filled().serialized
    for position in bytes.indices {
      var changed = bytes
      changed[position] ^= 0x10
      #expect(throws: ValidatorStateError.self) { try ValidatorState(serialized: changed) }
      #expect(throws: ValidatorStateError.self) { try ValidatorState(serialized: Array(bytes[..<position])) }
    }
  }

  @Test func aKeeperBeginsEmptyOnlyWhereNothingWasKept() async throws {
    let store = StateStore.memory()
    let keeper = try ScoreKeeper(loading: store, for: owner, scoreShare: 0.1)
    #expect(await keeper.current.nextRound == 0)
    #expect(try store.read() == nil)
  }

  @Test func aDamagedStateStopsTheKeeperAndStaysAsItWas() throws {
    var bytes = try filled().serialized
    bytes[40] ^= 1
    let store = StateStore.memory(bytes)
    let error = #expect(throws: KeptStateError.self) {
      try ScoreKeeper(loading: store, for: owner, scoreShare: 0.1)
    }
    #expect(error?.exitCode == .damagedData)
    #expect(try store.read() == bytes)
  }

  @Test func theStateOfAnotherHotkeyIsRefused() throws {
    let store = StateStore.memory(try filled().serialized)
    let other = ValidatorState.Owner(
      chainID: owner.chainID, netuid: owner.netuid, mechid: owner.mechid,
      hotkey: Hotkey(KeyPair.development(name: "Other").account))
    let error = #expect(throws: KeptStateError.self) {
      try ScoreKeeper(loading: store, for: other, scoreShare: 0.1)
    }
    #expect(error == .unusable(name: "memory", .someoneElses(owner)))
  }
}
