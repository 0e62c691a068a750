import ExampleSubnets
import Keys
import Ledger
import Primitives
import SubnetKit
import TestKit
import TestThreads
import Testing

/// The example subnets on a whole network in one process, honest and cheating miners side by side.
@Suite(.computing) struct ExampleNetworkTests {
  /// The most that a cheat may earn, as a share of what an honest miner earns.
  private static let cheatShareLimit = 0.05

  struct Case: CustomTestStringConvertible {
    let mechanism: any IncentiveMechanism.Type
    var validatorOptions: [String] = []
    let cheats: [String]
    let blocks: UInt64

    var testDescription: String { mechanism.name }

    static let all = [
      Case(mechanism: Text.self, cheats: ["uniform", "frequent", "overconfident"], blocks: 80),
      Case(
        mechanism: Compute.self, validatorOptions: ["size=16"],
        cheats: ["zero", "random", "rows", "old", "copy", "fit"], blocks: 80),
      Case(mechanism: Storage.self, cheats: ["drop", "half", "digest", "replay", "shared"], blocks: 160),
    ]
  }

  @Test(arguments: Case.all) func cheatsEarnNextToNothingBesideHonestMiners(_ setting: Case) throws {
    let miners: [[String]] = [[], []] + setting.cheats.map { ["cheat=\($0)"] }
    var network = SimulatedNetwork(setting.mechanism, minerOptions: miners, seed: 5)
    network.validatorOptions = setting.validatorOptions
    try expectHonestyToPay(in: network, cheats: setting.cheats, blocks: setting.blocks)
  }

  /// Needs a market: somebody trades, and the truth comes four blocks after each question.
  @Test(arguments: [5, 6] as [UInt64])
  func forecastersEarnByKnowingMoreThanThePresentPrice(seed: UInt64) throws {
    let cheats = ["persistence", "late", "gamble", "wide"]
    let network = SimulatedNetwork(
      Forecast.self, minerOptions: [[], []] + cheats.map { ["cheat=\($0)"] }, seed: seed)
    try expectHonestyToPay(in: network, cheats: cheats, blocks: 200)
  }

  private func expectHonestyToPay(in network: SimulatedNetwork, cheats: [String], blocks: UInt64) throws {
    let ending = try network.run(blocks: blocks)
    func incentive(ofMiner number: Int) throws -> Double {
      let hotkey = Hotkey(KeyPair.development(name: "miner-\(number)").account)
      let uid = try #require(ending.neurons.hotkeys.firstIndex(of: hotkey))
      return Double(ending.incentive[uid])
    }
    let honest = try (incentive(ofMiner: 1) + incentive(ofMiner: 2)) / 2
    #expect(honest > 0.4 * 65535)
    for (index, cheat) in cheats.enumerated() {
      let earned = try incentive(ofMiner: index + 3)
      #expect(earned < ExampleNetworkTests.cheatShareLimit * honest, "\(cheat): \(earned) of \(honest)")
    }
    #expect(ending.state.brokenInvariant() == nil)
  }
}
