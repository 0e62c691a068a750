/// How strict the majority must be.
package enum ProposalClass: UInt8, Hashable, Sendable {
  case simple = 1
  case strict = 2

  /// The protocol's word.
  package var name: String { self == .simple ? "simple" : "super" }

  package init?(name: String) {
    switch name {
    case "simple": self = .simple
    case "super": self = .strict
    default: return nil
    }
  }
}

/// How a vote ended.
package enum ProposalResult: UInt8, Hashable, Sendable {
  case approved = 1
  case rejected = 2
  case vetoed = 3
  case quorumNotMet = 4

  /// The protocol's word.
  package var name: String {
    switch self {
    case .approved: "Approved"
    case .rejected: "Rejected"
    case .vetoed: "Vetoed"
    case .quorumNotMet: "QuorumNotMet"
    }
  }
}

/// The power behind each choice, and what follows from it. Equality fails every majority.
///
/// Source: registry 13; vectors `registry/governance_tally`.
package struct ProposalTally: Hashable, Sendable {
  package let proposalClass: ProposalClass
  /// Thousandths of the total power that must have voted.
  package let quorumPermille: UInt64
  package let totalPower: UInt64
  package let aye: UInt64
  package let nay: UInt64
  package let veto: UInt64
  package let abstain: UInt64

  package init(
    proposalClass: ProposalClass, quorumPermille: UInt64, totalPower: UInt64, aye: UInt64, nay: UInt64, veto: UInt64,
    abstain: UInt64
  ) {
    self.proposalClass = proposalClass
    self.quorumPermille = quorumPermille
    self.totalPower = totalPower
    self.aye = aye
    self.nay = nay
    self.veto = veto
    self.abstain = abstain
  }

  /// The result if the vote closed now: quorum, then veto, then majority.
  package var result: ProposalResult {
    guard totalPower > 0, turnout * 1000 >= UInt128(quorumPermille) * total else { return .quorumNotMet }
    if isVetoed { return .vetoed }
    let decided = ayes + nays + vetoes
    let passed =
      switch proposalClass {
      case .simple: ayes * 2 > decided
      case .strict: ayes * 3 > decided * 2
      }
    return passed ? .approved : .rejected
  }

  /// The result that ends the vote before its time; nil while more votes could still matter.
  package var earlyResult: ProposalResult? {
    guard totalPower > 0 else { return nil }
    if ayes * 4 >= total * 3, veto == 0 { return .approved }
    if (nays + vetoes) * 2 > total { return isVetoed ? .vetoed : .rejected }
    return nil
  }

  /// Whether the deposit is recycled at that result rather than returned: vetoed, or hardly anybody voted.
  package func recyclesDeposit(at result: ProposalResult) -> Bool {
    switch result {
    case .approved, .rejected: false
    case .vetoed: true
    case .quorumNotMet: turnout * 20 < total
    }
  }

  private var isVetoed: Bool { vetoes * 3 > turnout }
  private var turnout: UInt128 { ayes + nays + vetoes + UInt128(abstain) }
  private var total: UInt128 { UInt128(totalPower) }
  private var ayes: UInt128 { UInt128(aye) }
  private var nays: UInt128 { UInt128(nay) }
  private var vetoes: UInt128 { UInt128(veto) }
}
