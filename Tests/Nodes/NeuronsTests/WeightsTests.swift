import Keys
import Ledger
import Neurons
import Primitives
import SubnetKit
import Testing
import Wire

@Suite struct WeightsTests {
  /// A subnet of four neurons whose first is the validator.
  private func view(
    height: UInt64 = 1, lastUpdate: UInt64 = 1, permit: Bool = true, tempo: UInt64 = 10, rateLimit: UInt64 = 5,
    minAllowed: UInt64 = 1, maxLimit: UInt64 = 65535
  ) throws -> MetagraphView {
    let keys = (0..<4).map { KeyPair.development(name: "N\($0)") }
    let chain = ScriptedChain(TestClock(), hotkeys: keys, permits: permit ? [keys[0]] : [])
    chain.change { state in
      state.height = height
      state.tempo = tempo
      state.weightsRateLimit = rateLimit
      state.lastEpochBlock = tempo == 0 ? 0 : height / tempo * tempo
      state.lastUpdate[keys[0].account] = lastUpdate
    }
    guard case .success(var fields) = chain.now.answer("metagraph", [:]) else { preconditionFailure("it is scripted") }
    fields.entries = fields.entries.map { entry in
      switch entry.name {
      case "min_allowed_weights": .init(name: entry.name, value: .unsigned(minAllowed))
      case "max_weights_limit": .init(name: entry.name, value: .unsigned(maxLimit))
      case "next_epoch_block" where tempo == 0: .init(name: entry.name, value: .unsigned(0))
      default: entry
      }
    }
    let bytes = try WireCodec.encode(["metagraph": .group(fields)], as: .queryReply)
    return try MetagraphView(try #require(try WireCodec.decode(bytes, as: .queryReply).group("metagraph")))
  }

  private func timing(_ view: MetagraphView, hasSentBefore: Bool = true) -> WeightsTiming {
    WeightsTiming(view, own: view.neurons[0], hasSentBefore: hasSentBefore)
  }

  @Test func weightsWaitForThePermit() throws {
    #expect(timing(try view(permit: false)) == .awaitPermit)
  }

  @Test func theFirstWeightsWaitForTheRateLimitOnly() throws {
    #expect(timing(try view(height: 11, lastUpdate: 8), hasSentBefore: false) == .wait(until: BlockNumber(13)))
    #expect(timing(try view(height: 12, lastUpdate: 8), hasSentBefore: false) == .send)
  }

  @Test func laterWeightsWaitForTheBlocksBeforeTheEpoch() throws {
    #expect(timing(try view(height: 12, lastUpdate: 7)) == .wait(until: BlockNumber(17)))
    #expect(timing(try view(height: 15, lastUpdate: 7)) == .wait(until: BlockNumber(17)))
    #expect(timing(try view(height: 16, lastUpdate: 7)) == .send)
    #expect(timing(try view(height: 18, lastUpdate: 7)) == .send)
  }

  @Test func whoMissedTheBlocksBeforeTheLastEpochSendsAtOnce() throws {
    #expect(timing(try view(height: 11, lastUpdate: 2)) == .send)
    #expect(timing(try view(height: 15, lastUpdate: 5)) == .send)
    // The chain takes no second row so soon.
    #expect(timing(try view(height: 11, lastUpdate: 5, rateLimit: 9)) == .wait(until: BlockNumber(14)))
  }

  @Test func weightsAreSentOnceAnEpoch() throws {
    #expect(timing(try view(height: 18, lastUpdate: 17)) == .wait(until: BlockNumber(20)))
  }

  @Test func aSubnetOfTempoZeroIsHalted() throws {
    #expect(timing(try view(tempo: 0)) == .halted)
  }

  @Test func theLeadIsAQuarterOfTheTempoWithinBounds() {
    #expect([1, 10, 40, 360].map { WeightsTiming.leadBlocks(tempo: $0) } == [3, 3, 10, 20])
  }

  @Test func aRowIsPaddedWithZerosForOthersFirst() throws {
    let row = try #require(
      WeightsRow([MinerWeight(uid: UID(2), weight: 65535)], own: UID(0), in: try view(minAllowed: 3)))
    #expect(row.uids == [2, 1, 3])
    #expect(row.values == [65535, 0, 0])
  }

  @Test func nothingToSayGivesNoRow() throws {
    #expect(WeightsRow([], own: UID(0), in: try view()) == nil)
  }

  @Test(arguments: [65535, 40000, 33000, 30000, 22000])
  func noShareExceedsTheLimitOfTheSubnet(limit: UInt16) throws {
    let weights = [(1, 65535), (2, 20000), (3, 9)].map { MinerWeight(uid: UID($0), weight: $1) }
    let row = try #require(WeightsRow(weights, own: UID(0), in: try view(maxLimit: UInt64(limit))))
    #expect(isMaxShareWithin(limit, row: row.values))
    #expect(row.values.max() == 65535)
    #expect(row.uids == [1, 2, 3])
    #expect(row.values[0] >= row.values[1] && row.values[1] >= row.values[2])
  }
}
