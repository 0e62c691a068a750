import JSONText
import Testing
import VectorFiles

/// The rules of the registry against vectors: each topic's rule says what it finds, and every field that the case
/// expects must be that, to the last digit.
@Suite struct RegistryConformance {
  @Test(arguments: VectorLibrary.files(topic: "registry"))
  func everyCaseComesOutAsTheVectorSays(_ file: VectorFile) throws {
    let document = try file.json()
    let topic = try document.member("format").string()
    let rule = try #require(RegistryConformance.rules[topic], "\(file): no rule for \(topic)")
    let cases = try document.member("cases").elements()
    #expect(!cases.isEmpty, "\(file): no cases")
    for json in cases {
      let vector = try RegistryCase(json)
      let outcome = try rule(vector)
      for field in vector.unmet(by: outcome) { Issue.record("\(vector.id): \(field)") }
    }
  }

  @Test func everyTopicOfTheSpecificationHasVectors() throws {
    let found = Set(try VectorLibrary.files(topic: "registry").map { try $0.json().member("format").string() })
    #expect(found.isSuperset(of: RegistryConformance.rules.keys))
  }

  typealias Rule = @Sendable (RegistryCase) throws -> JSONValue

  static let rules: [String: Rule] = [
    "registry/children/1": ChildrenVectors.outcome,
    "registry/commit_reveal/1": CommitRevealVectors.outcome,
    "registry/commitment_quota/1": CommitmentQuotaVectors.outcome,
    "registry/epoch_schedule/1": EpochScheduleVectors.outcome,
    "registry/governance_tally/1": GovernanceTallyVectors.outcome,
    "registry/mechanisms/1": MechanismVectors.outcome,
    "registry/pruning/1": SlotVectors.pruning,
    "registry/rate_limits/1": RateLimitVectors.outcome,
    "registry/registration_price/1": RegistrationPriceVectors.outcome,
    "registry/set_weights_checks/1": WeightsVectors.checks,
    "registry/subnet_creation/1": SubnetCreationVectors.outcome,
    "registry/uid_trim/1": SlotVectors.trim,
    "registry/validator_permits/1": SlotVectors.permits,
    "registry/weight_normalization/1": WeightsVectors.normalization,
  ]
}
