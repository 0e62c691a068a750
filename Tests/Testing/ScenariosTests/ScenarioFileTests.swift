import Daemon
import Localnet
import Neurons
import Scenarios
import Testing

/// What a scenario file may say, and what it is told when it says something else.
@Suite struct ScenarioFileTests {
  private static func scenario(_ text: String) throws(ScenarioFileError) -> Scenario {
    try Scenario(parsing: Array(text.utf8), path: "folder/test.json5")
  }

  /// A file with one part of one's own.
  private static func file(
    network: String = "{ subnet: 'adder' }", validators: String = "2", miners: String = "{ honest: 2, liars: 1 }",
    faults: String = "[]", expect: String = "[{ registered: 'miners' }]", more: String = ""
  ) -> String {
    """
    { network: \(network),
      validators: \(validators),
      miners: \(miners),
      faults: \(faults),
      expect: \(expect),
      \(more) }
    """
  }

  @Test func theExampleOfTheDocumentationIsRead() throws {
    let scenario = try Scenario(file: Self.folder + "/Tests/Scenarios/adder.json5")
    #expect(scenario.network.mechanism == .named("adder"))
    #expect(scenario.network.seed == 7)
    #expect(scenario.network.taskDeadline == .seconds(1))
    #expect(scenario.groups.map(\.name) == ["validators", "honest", "idle", "noise", "absent"])
    #expect(scenario.nodes(named: "honest-2") == [.miner(2)])
    #expect(scenario.nodes(named: "noise") == [.miner(5)])
    #expect(scenario.nodes(named: "miners")?.count == 6)
    #expect(scenario.nodes(named: "all")?.count == 9)
    #expect(scenario.label(of: .miner(5)) == "noise-1")
    #expect(scenario.faults[0].action == .pause)
    #expect(scenario.faults[0].moment == .block(12))
    #expect(scenario.faults[0].blocks == 6)
    #expect(scenario.faults[3].action == .delay(.milliseconds(50)))
    #expect(scenario.end == .epoch(8))
    // Seven of its own, and three that every network must keep.
    #expect(scenario.expectations.count == 10)
    #expect(
      scenario.expectations.filter { $0.line == nil }.map(\.subject) == [.alive, .chainProduces, .supplyConserved])
  }

  @Test func theDocumentationShowsAFileThatIsRead() throws {
    let page = String(
      decoding: try AtomicFile(Self.folder + "/Sources/Testing/Scenarios/Scenarios.docc/Scenarios.md").read(
        limit: 1 << 20),
      as: UTF8.self)
    let block = try #require(page.split(separator: "```").first { $0.hasPrefix("json5\n") })
    let scenario = try Self.scenario(String(block.dropFirst(6)))
    #expect(
      scenario.groups.map(\.behaviour.description).filter { $0 != "honest" } == [
        "colluding:with=miner-4+miner-5", "garbage", "lazy",
      ])
    #expect(scenario.expectations.map(\.sentence).contains("idle earn per node at most 5 % of what honest earn"))
  }

  @Test func everyBehaviourIsRead() throws {
    let scenario = try Self.scenario(
      Self.file(
        validators: """
          { work: 1, copy: { count: 1, behaviour: 'copycat', of: 'work' }, bribed: { count: 1, behaviour: 'colluding',
            with: ['ring', 'late-1'] } }
          """,
        miners: """
          { ring: { count: 2, behaviour: 'colluding', options: { k: 3, x: 'y', on: true } },
            late: { count: 1, behaviour: 'slow', delay: '2s' }, copy2: { count: 1, behaviour: 'copycat', of: 'ring-2' } }
          """))
    #expect(
      scenario.groups.map(\.behaviour.description) == [
        "honest", "copycat:of=validator-1", "colluding:with=miner-1+miner-2+miner-3", "colluding:with=miner-1+miner-2",
        "slow:delay=2s", "copycat:of=miner-2",
      ])
    #expect(scenario.groups[3].options == ["k=3", "x=y", "on=true"])
  }

  @Test func aPluginIsRelativeToItsFile() throws {
    let network = try Self.scenario(Self.file(network: "{ plugin: ['./miner.py', '-v'] }")).network
    #expect(network.mechanism == .plugin(["folder/./miner.py", "-v"]))
    #expect(network.mechanismName == "miner")
    #expect(
      try Self.scenario(Self.file(network: "{ plugin: '/bin/true' }")).network.mechanism == .plugin(["/bin/true"]))
  }

  @Test func theEndIsTheLastMomentThatTheFileSpeaksOf() throws {
    #expect(try Self.scenario(Self.file()).end == .epoch(3))
    #expect(try Self.scenario(Self.file(expect: "[{ registered: 'liars', by_block: 9 }]")).end == .block(9))
    #expect(
      try Self.scenario(Self.file(expect: "[{ score: 'liars', at_most: .5, at_epoch: 4 }]")).end == .epoch(4))
  }

  @Test(arguments: [
    ("{", "1:2: the text ends here; expected a name or '}'"),
    ("{}", "1:1: a scenario needs 'network'"),
    (file(more: "minors: 3"), "6:3: a scenario has no key 'minors'; did you mean 'miners'? Allowed: name, network"),
    (file(network: "{ subnet: 'adder', plugin: 'x' }"), "1:31: the network has both 'subnet' and 'plugin'; give one"),
    (
      file(network: "{ subnet: 'adder', block_time: '1ms' }"),
      "1:43: 'block_time' is '1ms'; expected a duration from '50ms'"
    ),
    (file(network: "{ subnet: 'adder', tempo: 1 }"), "1:38: 'tempo' is 1; expected a whole number from 2 to 1000"),
    (file(validators: "0"), "2:15: 'validators' is 0; expected a whole number from 1 to 100"),
    (file(miners: "{ honest: { behaviour: 'lazy' } }"), "3:21: the group 'honest' needs 'count'"),
    (
      file(miners: "{ a: { count: 1, behavior: 'lazy' } }"),
      "3:28: the group 'a' has no key 'behavior'; did you mean 'behaviour'? Allowed: count, behaviour, options"
    ),
    (
      file(miners: "{ a: { count: 1, behaviour: 'lasy' } }"),
      "'behaviour' is 'lasy'; did you mean 'lazy'? Expected honest"
    ),
    (file(validators: "{ a: { count: 1, behaviour: 'slow' } }"), "'behaviour' is 'slow'"),
    (file(validators: "{ a: { count: 1, behaviour: 'colluding' } }"), "a colluding validator needs 'with'"),
    (file(miners: "{ a: { count: 1, behaviour: 'lazy', delay: '1s' } }"), "'delay' is for the behaviour 'slow' alone"),
    (file(miners: "{ a: { count: 1, behaviour: 'copycat', of: 'b' } }"), "which is no group and no node; there are"),
    (file(miners: "{ miners: 2 }"), "'miners' cannot be a group's name"),
    (file(miners: "{ 'a-1': 2 }"), "'a-1' cannot be a group's name"),
    (file(miners: "{ validators: 2 }"), "'validators' cannot be a group's name"),
    (file(validators: "{ a: 1 }", miners: "{ a: 2 }"), "the name 'a' stands for two groups"),
    (file(miners: "{ a: 60, b: 60 }"), "there are 120 miners; a network has 1 to 100"),
    (file(faults: "[{ kill: 'honest' }]"), "4:12: a fault needs 'at_block' or 'at_epoch'"),
    (file(faults: "[{ at_block: 1 }]"), "a fault needs one of kill, restart"),
    (file(faults: "[{ at_block: 1, delay: 'honest' }]"), "a fault needs 'by'"),
    (file(faults: "[{ at_block: 1, kill: 'honest', by: '1s' }]"), "'by' is for 'delay' alone"),
    (file(faults: "[{ at_block: 1, kill: 'onest' }]"), "did you mean 'honest'? There are all, chain, validators"),
    (
      file(faults: "[{ at_block: 1, resume: 'honest', for_blocks: 2 }]"),
      "'for_blocks' is for faults that can be undone"
    ),
    (file(expect: "[]"), "'expect' is empty"),
    (file(expect: "[{ at_least: 1 }]"), "an expectation is about one of incentive_share"),
    (file(expect: "[{ earnings: 'liars' }]"), "'earnings' needs 'at_least', 'at_most' or both"),
    (file(expect: "[{ earnings: 'liars', at_most: 'much' }]"), "5:42: 'at_most' is 'much'; expected a share such as"),
    (file(expect: "[{ score: 'liars', at_most: 0.1, at_least: 0.2 }]"), "'at_least' is more than 'at_most'"),
    (file(expect: "[{ registered: 'liars', at_most: 1 }]"), "'registered' is true or not"),
    (file(expect: "[{ registered: 'chain' }]"), "about validators or miners, not the chain"),
    (file(expect: "[{ registered: 'liars', compared_to: 'honest' }]"), "'compared_to' is for 'earnings' alone"),
    (file(expect: "[{ registered: 'liars', by_block: 1, at_epoch: 1 }]"), "has both 'by_block' and 'at_epoch'"),
    (file(expect: "[{ registered: 'liars', from_block: 1 }]"), "'from_block' is for 'always: true' alone"),
    (file(expect: "[{ supply: 'kept' }]"), "'supply' is 'kept'; expected conserved"),
    (
      file(expect: "[{ registered: 'liars', by_block: 9 }]", more: "until: { blocks: 5 }"),
      "5:1: block 9 is after the end of the run, 'until' block 5"
    ),
    (file(more: "until: { days: 5 }"), "'until' has no key 'days'"),
    (file(more: "time_limit: 60"), "'time_limit' is 60; expected a duration"),
  ])
  func aSlipIsToldWithPlaceAndRemedy(text: String, part: String) {
    let error = #expect(throws: ScenarioFileError.self) { try Self.scenario(text) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    #expect(error?.description.hasPrefix("folder/test.json5:") == true)
    #expect(error?.exitCode == .badScenario)
  }

  @Test func aFileThatIsNotThereIsNamed() {
    let error = #expect(throws: ScenarioFileError.self) { try Scenario(file: "/nonexistent/x.json5") }
    #expect(error?.description.hasPrefix("/nonexistent/x.json5: there is no such file; check its name") == true)
  }

  static let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    .joined(separator: "/")
}
