import Scenarios
public import SubnetKit

/// What a scenario file came to in a test.
///
/// ```swift
/// @Test func theScenarioHolds() throws {
///   let verdict = try TestVerdict(scenario: "Scenarios/my-subnet.json5", running: MyMechanism.self)
///   #expect(verdict.hasPassed, "\(verdict)")
/// }
/// ```
public struct TestVerdict: Sendable, CustomStringConvertible {
  public let hasPassed: Bool
  /// Each expectation with what was seen, as `subnet test` prints it.
  public let description: String
  /// Of the chain's last block: the same file and seed give the same.
  public let stateRoot: String
  /// The sentences of the expectations that failed.
  public let failures: [String]

  /// Runs a scenario file with a mechanism that is linked into the test, in virtual time.
  ///
  /// - Parameter seed: Instead of the file's.
  /// - Throws: What is wrong with the file, or what kept the network from coming up.
  public init(
    scenario path: String, running mechanism: any IncentiveMechanism.Type, seed: UInt64? = nil
  ) throws {
    var scenario = try Scenario(file: path)
    if let seed { scenario.network.seed = seed }
    let verdict = try scenario.simulate { role, options in
      try await MechanismHost(mechanism, role: role, arguments: options)
    }
    hasPassed = verdict.hasPassed
    description = verdict.lines.joined(separator: "\n")
    stateRoot = "\(verdict.stateRoot)"
    failures = verdict.results.filter { !$0.holds }.map(\.expected) + (verdict.problem.map { [$0] } ?? [])
  }
}
