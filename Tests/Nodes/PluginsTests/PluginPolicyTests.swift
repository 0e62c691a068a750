import Daemon
import Plugins
import Primitives
import SubnetKit
import Testing

@Suite struct PluginPolicyTests {
  private static var full: PluginPolicy {
    var policy = PluginPolicy()
    policy.sample = 8
    policy.deadlineMilliseconds = 1500
    policy.neverRetries = true
    policy.shareBillionths = 300_000_000
    policy.decay = "all"
    policy.powerMillionths = 2_000_000
    policy.excludeBelowBillionths = 200_000_000
    policy.excludeLowestBillionths = 250_000_000
    policy.excluded = [.of(3)]
    policy.clipBillionths = 500_000_000
    policy.denied = [.of(1), .of(2)]
    policy.permitRequired = true
    policy.minimumStake = Rao(7)
    policy.priority = "arrival"
    policy.functions = ["sampling"]
    return policy
  }

  @Test func aPolicyComesBackAsItWas() throws {
    let reply = PluginReply.ready(PluginPolicyTests.full)
    #expect(try PluginReply.decode(reply.encoded(id: 3)).reply == reply)
  }

  @Test func aProgramOfBeforeThereWerePoliciesKeepsEveryDefault() throws {
    // id 1, and an empty ready.
    let reply = try PluginReply.decode([0x08, 0x01, 0x5A, 0x00]).reply
    #expect(reply == .ready())
    #expect(PluginPolicy().isStandard)
    #expect(PluginPolicy(try PluginPolicy().policy(of: "p")).isStandard)
  }

  @Test func whatIsStatedIsWhatTheNodeDoesAndNothingElseChanges() throws {
    var stated = PluginPolicyTests.full
    stated.functions = []
    let policy = try stated.policy(of: "p")
    #expect(policy.sampling.limit == 8)
    #expect(policy.deadline == .milliseconds(1500))
    #expect(!policy.retry.isAllowed)
    #expect(policy.averaging == MovingAverage(share: 0.3, decay: .all))
    #expect(policy.weights.clip == 0.5)
    #expect(policy.admission.denied == [.of(1), .of(2)])
    #expect(policy.admission.permitRequired)
    #expect(policy.admission.minimumStake == Rao(7))
    #expect(policy.streaming == MechanismPolicy.standard.streaming)
    // And back: a linked mechanism with this policy states the same.
    #expect(PluginPolicy(policy) == stated)
  }

  @Test func functionsOfALinkedMechanismAreNamedSinceTheyCannotBeStated() throws {
    let policy = MechanismPolicy(
      sampling: .custom(limit: 5) { neurons, _ in neurons }, admission: Admission(rule: { _ in nil }),
      priority: Priority { _ in 1 },
      weights: WeightPipeline(
        normalisation: .custom { $0.map(\.average) },
        exclusion: .below(shareOfBest: 0.5).and(.custom { _, _ in [] })))
    let stated = PluginPolicy(policy)
    #expect(stated.functions == ["sampling", "admission rule", "priority", "normalisation", "exclusion"])
    #expect(stated.sample == 5)
    #expect(stated.excludeBelowBillionths == 500_000_000)
    #expect(stated.words.last?.contains("sampling, admission rule") == true)
  }

  struct Refusal: Sendable {
    let words: String
    let change: @Sendable (inout PluginPolicy) -> Void

    static let all: [Refusal] = [
      Refusal(words: "states sample as 257 miners; 1 to 256 are allowed") { $0.sample = 257 },
      Refusal(words: "states deadline as 99 milliseconds; 100 to 300000 are allowed") {
        $0.deadlineMilliseconds = 99
      },
      Refusal(words: "states a share of the newest score and no decay; state one of: untouched, all") {
        $0.shareBillionths = 1
      },
      Refusal(words: "states a decay and no share of the newest score") { $0.decay = "all" },
      Refusal(words: "states the decay 'some'; known: untouched, all") { ($0.shareBillionths, $0.decay) = (1, "some") },
      Refusal(words: "states share as 1000000001 billionths; 1 to 1000000000 are allowed") {
        ($0.shareBillionths, $0.decay) = (1_000_000_001, "all")
      },
      Refusal(words: "states power as 999 millionths; 1000 to 100000000 are allowed") { $0.powerMillionths = 999 },
      Refusal(words: "states a power and that the winner takes all") {
        ($0.powerMillionths, $0.winnerTakesAll) = (2_000_000, true)
      },
      Refusal(words: "states exclude_below as 1000000001 billionths; 0 to 1000000000 are allowed") {
        $0.excludeBelowBillionths = 1_000_000_001
      },
      Refusal(words: "states exclude_lowest as 1000000000 billionths; 0 to 999999999 are allowed") {
        $0.excludeLowestBillionths = 1_000_000_000
      },
      Refusal(words: "states clip as 4000000000 billionths; 1 to 1000000000 are allowed") {
        $0.clipBillionths = 4_000_000_000
      },
      Refusal(words: "states the priority 'age'; known: stake, arrival") { $0.priority = "age" },
    ]
  }

  @Test(arguments: Refusal.all.indices) func whatIsOutOfRangeIsRefusedWithWhatIsAllowed(index: Int) {
    let refusal = Refusal.all[index]
    var policy = PluginPolicy()
    refusal.change(&policy)
    let error = #expect(throws: PluginError.self) { try policy.policy(of: "p.py") }
    #expect(error?.code == .invalidPolicy)
    #expect(error?.exitCode == .usage)
    #expect(error?.description.hasPrefix("plugin p.py " + refusal.words) == true, "\(error?.description ?? "")")
  }
}

/// The same from Python, whose authors say most of it.
@Suite(.enabled(if: hasPython, "python3 is not installed"), .timeLimit(.minutes(4))) struct PythonPolicyTests {
  let fixture: PluginFixture

  init() throws { fixture = try PluginFixture() }

  /// The example with a policy.
  private func stating(_ policy: String) -> String {
    sums.replacing("    Request = Task\n", with: "    Request = Task\n    policy = \(policy)\n")
  }

  @Test func aPythonMechanismsPolicyIsWhatItsNodesDo() async throws {
    let plugin = try await fixture.start(
      stating(
        """
        subnetkit.Policy(sample=8, deadline=1.5, retry=False, share=0.3, decay="all", power=2, exclude_below=0.2, \
        exclude_lowest=0.25, exclude=["\(String(repeating: "03", count: 32))"], clip=0.5, \
        deny=["5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"], permit_required=True, min_stake=1.5, \
        priority="arrival")
        """))
    var stated = PluginPolicy()
    stated.sample = 8
    stated.deadlineMilliseconds = 1500
    stated.neverRetries = true
    stated.shareBillionths = 300_000_000
    stated.decay = "all"
    stated.powerMillionths = 2_000_000
    stated.excludeBelowBillionths = 200_000_000
    stated.excludeLowestBillionths = 250_000_000
    stated.excluded = [.of(3)]
    stated.clipBillionths = 500_000_000
    // The bytes of Bob, the well-known test key, whose address stands above.
    stated.denied = [
      try #require(
        Hotkey([
          0x8e, 0xaf, 0x04, 0x15, 0x16, 0x87, 0x73, 0x63, 0x26, 0xc9, 0xfe, 0xa1, 0x7e, 0x25, 0xfc, 0x52,
          0x87, 0x61, 0x36, 0x93, 0xc9, 0x12, 0x90, 0x9c, 0xb2, 0x26, 0xaa, 0x47, 0x94, 0xf2, 0x6a, 0x48,
        ]))
    ]
    stated.permitRequired = true
    stated.minimumStake = Rao(1_500_000_000)
    stated.priority = "arrival"
    #expect(plugin.stated == stated)
    #expect(plugin.host.policy.averaging == MovingAverage(share: 0.3, decay: .all))
    await plugin.stop()
  }

  @Test func aPolicyMayFollowFromTheOptions() async throws {
    let source = sums.replacing(
      "    def task(",
      with: """
            def __init__(self, role, options):
                super().__init__(role, options)
                self.policy = subnetkit.Policy(sample=options["count"])

            def task(
        """)
    let plugin = try await fixture.start(source, options: ["count=3"])
    #expect(plugin.policy.sampling.limit == 3)
    await plugin.stop()
  }

  @Test func theSamePolicyMakesOtherWeights() async throws {
    let averages = [(1, 1.0), (2, 0.5), (3, 0.1)].map { uid, average in
      NeuronAverage(uid: UID(uid), hotkey: .of(uid), average: average)
    }
    let plain = try await fixture.start(sums)
    #expect(plain.stated.isStandard)
    #expect(plain.host.policy.weights.weights(of: averages).weights.map(\.weight) == [65535, 32768, 6554])
    await plain.stop()
    let strict = try await fixture.start(stating("subnetkit.Policy(power=2, exclude_below=0.2)"))
    #expect(strict.host.policy.weights.weights(of: averages).weights.map(\.weight) == [65535, 16384])
    await strict.stop()
  }

  /// What is written, and what is said of it.
  @Test(arguments: [
    ("sample=0", "the policy's sample is 0; it is a whole number from 1 to 256"),
    ("sample=2.5", "the policy's sample is 2.5; it is a whole number from 1 to 256"),
    ("sample=True", "the policy's sample is True; it is a whole number"),
    ("deadline='3s'", "the policy's deadline is '3s'; it is a number from 0.1 to 300"),
    ("share=0, decay='all'", "the policy's share is 0; it is a number from 0 to 1, 0 excluded"),
    ("share=float('nan'), decay='all'", "the policy's share is nan; it is a number from 0 to 1"),
    ("share=0.1", #"the policy has a share and no decay; it is "untouched" or "all""#),
    ("decay='all'", "the policy has a decay and no share"),
    ("share=0.1, decay=0.1", #"the policy's decay is 0.1; it is "untouched" or "all""#),
    ("exclude_lowest=1", "the policy's exclude_lowest is 1; it is a number from 0 to 1, 1 excluded"),
    ("clip=-0.1", "the policy's clip is -0.1; it is a number from 0 to 1, 0 excluded"),
    ("retry='no'", "the policy's retry is 'no'; it is True or False"),
    ("power=2, winner_takes_all=True", "the policy has a power and winner_takes_all"),
    ("deny='5F'", "the policy's deny is '5F'; it is a list of hotkeys"),
    (
      "deny=['5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694tz']",
      "which is neither a hotkey's address nor 64 hex digits"
    ),
    ("priority='age'", #"the policy's priority is 'age'; it is "stake" or "arrival""#),
    ("smaple=8", "unexpected keyword argument 'smaple'"),
  ])
  func whatNoPolicyCanBeIsRefusedByName(policy: String, words: String) async throws {
    let error = await #expect(throws: PluginError.self) {
      try await fixture.start(stating("subnetkit.Policy(\(policy))"))
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func whatIsNoPolicyIsRefused() async throws {
    let error = await #expect(throws: PluginError.self) { try await fixture.start(stating("{'sample': 8}")) }
    #expect(
      error?.description.contains("the mechanism's policy is a dict; write policy = subnetkit.Policy(...)") == true)
  }

  @Test func anotherPolicyAfterARestartIsSaidAndDoesNotCount() async throws {
    let plugin = try await fixture.start(
      """
      #!/usr/bin/env python3
      import os, subnetkit
      class Moody(subnetkit.Mechanism):
          name = "moody"
          policy = subnetkit.Policy(sample=9 if os.path.exists(os.path.dirname(__file__) + "/secret") else 7)
          def task(self, round, random):
              if round.number == 99:
                  os._exit(3)
              return [1]
      subnetkit.run(Moody)
      """)
    try AtomicFile("\(fixture.folder)/secret", mode: 0o644).write([1])
    var last = Round.first
    last.number = 99
    var random = SeededRandom(seed: 1)
    await #expect(throws: MechanismError.self) {
      var random = SeededRandom(seed: 1)
      return try await plugin.host.makeTask(last, random: &random)
    }
    _ = try await plugin.host.makeTask(.first, random: &random)
    #expect(try await fixture.logged("the plugin states another policy than at its start"))
    #expect(plugin.host.policy.sampling.limit == 7)
    await plugin.stop()
  }

  @Test func theCheckShowsThePolicy() async throws {
    let check = PluginCheck(
      try fixture.program(stating("subnetkit.Policy(sample=8, permit_required=True)")), limits: .forTests,
      log: fixture.logger, rounds: 1)
    let verdict = await check.run()
    #expect(verdict.isPassed, "\(verdict.findings)")
    #expect(verdict.policyWords == ["asks 8 miners a round", "miners answer permit holders only"])
  }
}
