package import Localnet

/// Something that must be seen in a network, and when.
package struct Expectation: Sendable, Hashable {
  package enum Subject: Sendable, Hashable {
    /// The group's part of the last epoch's incentive, or dividends.
    case incentiveShare, dividendShare
    /// What a member earned on the average, compared with another group, or without one the group's part of all.
    case earnings(comparedTo: NodeSet?, fromEpoch: UInt64)
    case registered, serving, permits
    /// Each has set weights after so many blocks of the run.
    case weightsSet(afterBlock: UInt64)
    /// The mean of what the validators say of the group, in 0...1.
    case score
    /// The part of its tasks that the group answered.
    case answered
    /// Balances, root stake and pools sum to the issuance.
    case supplyConserved
    /// No gap between two blocks is longer than so many block times, but where a fault of this file is to blame.
    case chainProduces
    /// No node ended that was not killed.
    case alive
  }

  /// Both ends belong to it.
  package struct Bounds: Sendable, Hashable {
    package var least: Double?
    package var most: Double?

    package func hold(_ value: Double) -> Bool { value >= least ?? -.infinity && value <= most ?? .infinity }
  }

  package enum Timing: Sendable, Hashable {
    /// Judged once, at the end.
    case end
    /// Judged once, at a moment.
    case at(ScenarioMoment)
    /// Must come true at some block up to a moment.
    case by(ScenarioMoment)
    /// Must hold at every block from here to the end.
    case always(from: UInt64)
  }

  package let subject: Subject
  package let nodes: NodeSet
  package let bounds: Bounds
  package let timing: Timing
  /// The line of the file; nil for what is expected without being written.
  package let line: Int?
}

/// Nodes under the name that the file has for them.
package struct NodeSet: Sendable, Hashable {
  package let name: String
  package let nodes: [NodeName]

  package init(_ name: String, _ nodes: [NodeName]) {
    self.name = name
    self.nodes = nodes
  }
}

extension Expectation {
  /// The sentence that reports have for it.
  package var sentence: String { [claim, limits, time].filter { !$0.isEmpty }.joined(separator: " ") }

  /// Of the sentence the part before limits and time.
  private var claim: String {
    switch subject {
    case .incentiveShare: "\(nodes.name) get a share of the incentive of"
    case .dividendShare: "\(nodes.name) get a share of the dividends of"
    case .earnings(let other, let epoch):
      "\(nodes.name) earn" + (epoch > 1 ? " from epoch \(epoch) on" : "")
        + (other.map { _ in " per node" } ?? " of all")
    case .registered: "\(nodes.name) are registered"
    case .serving: "\(nodes.name) say where they answer"
    case .permits: "\(nodes.name) hold validator permits"
    case .weightsSet(let block): "\(nodes.name) have set weights" + (block > 0 ? " after block \(block)" : "")
    case .score: "the validators' score of \(nodes.name) is"
    case .answered: "of their tasks \(nodes.name) answered"
    case .supplyConserved: "the supply is conserved"
    case .chainProduces: "the chain keeps making blocks"
    case .alive: "no node ended by itself"
    }
  }

  private var limits: String {
    let isShare = subject != .score
    func shown(_ value: Double) -> String { isShare ? percentage(value) : decimal(value) }
    let text: String =
      switch (bounds.least, bounds.most) {
      case (nil, nil): ""
      case (let least?, nil): "at least \(shown(least))"
      case (nil, let most?): "at most \(shown(most))"
      case (let least?, let most?): "between \(shown(least)) and \(shown(most))"
      }
    guard case .earnings(let other?, _) = subject else { return text }
    return text + " of what \(other.name) earn"
  }

  private var time: String {
    switch timing {
    case .end: ""
    case .at(let moment): "at \(moment)"
    case .by(let moment): "by \(moment)"
    case .always(0): "at every block"
    case .always(let block): "at every block from \(block) on"
    }
  }
}

/// A share as a percentage with up to two digits: `97.25 %`.
package func percentage(_ share: Double) -> String { "\(decimal(share * 100)) %" }

/// A number with up to two digits after the point.
package func decimal(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  let hundredths = Int64((value * 100).rounded())
  let fraction = hundredths.magnitude % 100
  let whole = (hundredths < 0 ? "-" : "") + String(hundredths.magnitude / 100)
  if fraction == 0 { return whole }
  return fraction % 10 == 0 ? "\(whole).\(fraction / 10)" : "\(whole).\(fraction < 10 ? "0" : "")\(fraction)"
}
