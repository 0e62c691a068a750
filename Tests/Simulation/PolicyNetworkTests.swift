import Ledger
import Primitives
import SubnetKit
import Synchronization
import TestKit
import TestThreads
import Testing
import Transport

/// What one kind of echo subnet does otherwise, and what its validators saw; one type a test, so that none shares.
private protocol EchoKind: Sendable {
  static var policy: MechanismPolicy { get }
  static var delay: UInt64 { get }
  static var seen: EchoCounts { get }
}

extension EchoKind {
  static var policy: MechanismPolicy { .standard }
  static var delay: UInt64 { 0 }
}

private final class EchoCounts: Sendable {
  private let counts = Mutex((tasks: 0, answers: 0, tooEarly: 0))

  var all: (tasks: Int, answers: Int, tooEarly: Int) { counts.withLock { $0 } }
  func count(_ body: (inout (tasks: Int, answers: Int, tooEarly: Int)) -> Void) { counts.withLock { body(&$0) } }
}

/// Miners say a number again.
private struct Echo<Kind: EchoKind>: IncentiveMechanism {
  static var name: String { "echo" }

  init(_ setup: MechanismSetup) {}

  var policy: MechanismPolicy { Kind.policy }

  func task(_ round: Round, random: inout SeededRandom) -> Challenge<UInt64, UInt64> {
    Kind.seen.count { $0.tasks += 1 }
    return Challenge(random.next(), expecting: round.block.value, scoredAfter: Kind.delay)
  }

  func forward(_ number: UInt64, _ context: ForwardContext) -> UInt64 { number }

  func score(
    _ answers: [Answer<UInt64>], for challenge: Challenge<UInt64, UInt64>, _ context: ScoreContext
  ) -> [Score] {
    Kind.seen.count { seen in
      seen.answers += answers.count
      if context.block.value < challenge.expected + Kind.delay { seen.tooEarly += 1 }
    }
    return answers.map { $0.response == challenge.request ? .full : .zero }
  }
}

/// What stands around a mechanism, on a real chain in one process.
@Suite(.computing) struct PolicyNetworkTests {
  private func network(_ mechanism: any IncentiveMechanism.Type, miners: Int = 3) -> SimulatedNetwork {
    SimulatedNetwork(mechanism, minerOptions: [[String]](repeating: [], count: miners), seed: 3)
  }

  private func earners(_ ending: SimulatedNetwork.Ending) -> Int { ending.incentive.count { $0 > 0 } }

  private enum Later: EchoKind {
    static let delay: UInt64 = 8
    static let seen = EchoCounts()
  }

  @Test func aTruthThatComesLaterPaysAsOneThatIsHereTheSameEachTime() throws {
    let first = try network(Echo<Later>.self).run(blocks: 60)
    #expect(earners(first) == 3)
    #expect(Later.seen.all.answers > 0 && Later.seen.all.tooEarly == 0)
    #expect(try network(Echo<Later>.self).run(blocks: 60).stateRoots == first.stateRoots)
  }

  private enum Closed: EchoKind {
    static var policy: MechanismPolicy { MechanismPolicy(admission: Admission(minimumStake: Rao(.max))) }
    static let seen = EchoCounts()
  }

  @Test func minersThatAnswerNobodyEarnNothing() throws {
    let ending = try network(Echo<Closed>.self).run(blocks: 60)
    #expect(earners(ending) == 0)
    #expect(Closed.seen.all.tasks > 0 && Closed.seen.all.answers == 0)
  }

  private enum Picky: EchoKind {
    static var policy: MechanismPolicy {
      MechanismPolicy(sampling: .custom { candidates, _ in candidates.suffix(1) })
    }
    static let seen = EchoCounts()
  }

  @Test func whoIsNeverAskedEarnsNothing() throws {
    let ending = try network(Echo<Picky>.self).run(blocks: 60)
    #expect(earners(ending) == 1)
    #expect(ending.incentive.last.map { $0 > 0 } == true)
  }

  private enum Patient: EchoKind {
    static var policy: MechanismPolicy { MechanismPolicy(deadline: .seconds(1), retry: .once) }
    static let seen = EchoCounts()
  }

  private enum Impatient: EchoKind {
    static var policy: MechanismPolicy { MechanismPolicy(deadline: .seconds(1), retry: .never) }
    static let seen = EchoCounts()
  }

  /// A tenth of all requests and of all replies vanish: four of five tasks are answered at once, and of the fifth that
  /// is not, four of five with the second request.
  @Test func aSecondRequestMakesUpForALossyNetwork() throws {
    for mechanism in [Echo<Patient>.self, Echo<Impatient>.self] as [any IncentiveMechanism.Type] {
      var network = network(mechanism, miners: 1)
      network.faults = LoopbackFaults(dropPerThousand: 100, delay: .zero ... .milliseconds(5))
      _ = try network.run(blocks: 200)
    }
    let (patient, impatient) = (Patient.seen.all, Impatient.seen.all)
    #expect(Double(impatient.answers) < 0.9 * Double(impatient.tasks), "\(impatient)")
    #expect(Double(patient.answers) > 0.92 * Double(patient.tasks), "\(patient)")
  }
}
