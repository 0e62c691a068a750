import ExampleSubnets
import JSONText
import Localnet
import Scenarios
import SubnetKit
import TestKit
import TestThreads
import Testing

/// Scenarios in one process: they pass, they fail where they must, and they repeat.
@Suite(.computing) struct SimulatedScenarioTests {
  static let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/")

  static func verdict(_ scenario: Scenario) throws -> ScenarioVerdict {
    try scenario.simulate { role, options in
      try await MechanismCatalogue.examples.host(
        named: scenario.network.mechanismName, role: role, arguments: options)
    }
  }

  /// The verdict on an adder subnet with parts of one's own.
  static func adder(
    validators: String = "1", miners: String = "{ honest: 2, other: 1 }", faults: String = "[]", expect: String,
    until: String = "{ epochs: 2 }"
  ) throws -> ScenarioVerdict {
    let text = """
      { network: { subnet: 'adder', seed: 3, task_deadline: '1s' }, validators: \(validators), miners: \(miners),
        faults: \(faults), expect: \(expect), until: \(until) }
      """
    return try verdict(try Scenario(parsing: Array(text.utf8), path: "test.json5"))
  }

  @Test(arguments: ["adder", "text", "storage", "compute", "forecast"])
  func aShippedScenarioPasses(name: String) throws {
    let verdict = try Self.verdict(try Scenario(file: "\(Self.folder)/Tests/Scenarios/\(name).json5"))
    #expect(verdict.hasPassed, "\(verdict.lines.joined(separator: "\n"))")
  }

  @Test func oneSeedGivesOneVerdictAndOneStateRoot() throws {
    let scenario = try Scenario(file: "\(Self.folder)/Tests/Scenarios/adder.json5")
    let first = try Self.verdict(scenario)
    let second = try Self.verdict(scenario)
    #expect(first.stateRoot == second.stateRoot)
    #expect(first.results == second.results)
  }

  @Test(arguments: [
    "{ incentive_share: 'other', at_least: 0.9 }", "{ dividend_share: 'validators', at_most: 0.5 }",
    "{ earnings: 'other', at_most: '5%', compared_to: 'honest' }", "{ earnings: 'honest', at_least: 0.99 }",
    "{ score: 'other', at_most: 0.001 }", "{ answered: 'other', at_most: 0.1 }",
    "{ weights_set: 'validators', after_block: 500 }",
    "{ permits: 'miners', by_block: 5 }", "{ weights_set: 'validators', at_block: 1 }",
    "{ weights_set: 'validators', always: true }",
  ])
  func anExpectationThatDoesNotHoldFails(expectation: String) throws {
    let verdict = try Self.adder(expect: "[\(expectation)]")
    #expect(!verdict.hasPassed)
    #expect(verdict.results[0].holds == false, "\(verdict.lines.joined(separator: "\n"))")
    #expect(verdict.results.dropFirst().allSatisfy { $0.holds }, "\(verdict.lines.joined(separator: "\n"))")
    #expect(verdict.lines.contains { $0.hasPrefix("  again: subnet test test.json5 --world simulated --seed 3") })
  }

  /// What each way to earn without the work comes to, per node, compared with an honest one.
  @Test(arguments: [
    ("lazy", "at_most: 0.4"), ("garbage", "at_most: 0"), ("offline", "at_most: 0"),
    ("slow', delay: '5s", "at_most: 0"), ("slow', delay: '10ms", "at_least: 0.8"),
    // Where all answers are alike nobody can tell a copy; an author's mechanism may.
    ("copycat", "at_least: 0.8"), ("colluding", "at_least: 0.8"),
  ])
  func aMinerThatMisbehavesEarnsWhatItsAnswersAreWorth(behaviour: String, bounds: String) throws {
    let verdict = try Self.adder(
      miners: "{ honest: 2, other: { count: 2, behaviour: '\(behaviour)' } }",
      expect: "[{ earnings: 'other', compared_to: 'honest', \(bounds) }, { registered: 'other', by_block: 1 }]")
    #expect(verdict.hasPassed, "\(verdict.lines.joined(separator: "\n"))")
  }

  @Test func aValidatorThatPaysItsFriendsIsOutvoted() throws {
    let verdict = try Self.adder(
      validators: "{ work: 2, bribed: { count: 1, behaviour: 'colluding', with: 'other' } }",
      miners: "{ honest: 2, other: { count: 1, behaviour: 'garbage' } }",
      expect: "[{ incentive_share: 'other', at_most: '5%' }, { weights_set: 'bribed' }]", until: "{ epochs: 3 }")
    #expect(verdict.hasPassed, "\(verdict.lines.joined(separator: "\n"))")
  }

  @Test(arguments: ["lazy", "copycat", "garbage"]) func aValidatorThatAsksNobodyStillSetsWeights(
    behaviour: String
  ) throws {
    let verdict = try Self.adder(
      validators: "{ work: 2, other: { count: 1, behaviour: '\(behaviour)' } }", miners: "2",
      expect: "[{ weights_set: 'other' }]", until: "{ epochs: 4 }")
    #expect(verdict.hasPassed, "\(verdict.lines.joined(separator: "\n"))")
  }

  @Test func aValidatorThatIsOfflineSetsNone() throws {
    let verdict = try Self.adder(
      validators: "{ work: 2, other: { count: 1, behaviour: 'offline' } }", miners: "2",
      expect: "[{ weights_set: 'other' }]")
    #expect(verdict.results[0].holds == false)
  }

  /// Each fault leaves its trace while it lasts, and the network is well after it.
  @Test(arguments: ["kill", "pause", "disconnect"]) func aMinerThatIsAwayMissesTasks(fault: String) throws {
    let whole = try Self.adder(expect: "[{ answered: 'other', at_least: 0.9 }]", until: "{ blocks: 44 }")
    #expect(whole.hasPassed, "\(whole.lines.joined(separator: "\n"))")
    let verdict = try Self.adder(
      faults: "[{ at_block: 6, \(fault): 'other', for_blocks: 24 }]",
      expect: "[{ answered: 'other', at_most: 0.87 }, { answered: 'other', at_least: 0.2 }, { alive: 'all' }]",
      until: "{ blocks: 44 }")
    #expect(verdict.hasPassed, "\(verdict.lines.joined(separator: "\n"))")
  }

  @Test(arguments: ["kill", "pause", "disconnect"]) func theChainComesBackAndEpochsGoOn(fault: String) throws {
    let verdict = try Self.adder(
      faults: "[{ at_block: 10, \(fault): 'chain', for_blocks: 30 }]",
      expect: "[{ weights_set: 'validators', after_block: 12 }, { incentive_share: 'miners', at_least: 0.99 }]",
      until: "{ epochs: 7 }")
    #expect(verdict.hasPassed, "\(verdict.lines.joined(separator: "\n"))")
  }

  @Test func aChainThatStaysAwayBreaksTheRunOff() throws {
    let verdict = try Self.adder(
      faults: "[{ at_block: 5, kill: 'chain' }]", expect: "[{ registered: 'miners', by_block: 1 }]")
    #expect(verdict.problem?.contains("time limit") == true, "\(verdict.lines.joined(separator: "\n"))")
    #expect(!verdict.hasPassed)
  }

  @Test func aKilledValidatorRemembersItsScores() throws {
    let verdict = try Self.adder(
      faults: "[{ at_block: 12, kill: 'validators', for_blocks: 4 }]",
      expect: "[{ score: 'miners', at_least: 0.35, at_block: 20 }]", until: "{ blocks: 20 }")
    #expect(verdict.hasPassed, "\(verdict.lines.joined(separator: "\n"))")
  }

  @Test func aDelayedMinerIsSlowAndNotAway() throws {
    let verdict = try Self.adder(
      faults: "[{ at_block: 2, delay: 'other', by: '100ms' }]", expect: "[{ answered: 'other', at_least: 0.9 }]")
    #expect(verdict.hasPassed, "\(verdict.lines.joined(separator: "\n"))")
    let tooSlow = try Self.adder(
      faults: "[{ at_block: 2, delay: 'other', by: '2s' }]", expect: "[{ answered: 'other', at_least: 0.9 }]",
      until: "{ blocks: 40 }")
    #expect(!tooSlow.hasPassed)
  }

  @Test func aMechanismThatDoesNotStartIsAFailureOfTheWorld() throws {
    let text = """
      { network: { subnet: 'text', options: { corpus: '/nonexistent' } }, validators: 1, miners: 1,
        expect: [{ registered: 'miners' }] }
      """
    let scenario = try Scenario(parsing: Array(text.utf8), path: "test.json5")
    #expect(throws: (any Error).self) { try Self.verdict(scenario) }
  }

  @Test func reportsNameWhatFailed() throws {
    let verdict = try Self.adder(expect: "[{ score: 'other', at_most: 0.001 }]")
    let junit = junitDocument(of: [verdict])
    #expect(junit.contains("tests=\"4\" failures=\"1\" errors=\"0\""))
    #expect(junit.contains("<failure message=\"seen: "))
    #expect(try verdict.document.member("passed") == .flag(false))
    #expect(try verdict.document.member("expectations").elements().count == 4)
  }
}
