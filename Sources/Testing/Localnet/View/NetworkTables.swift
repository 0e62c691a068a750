import Daemon
import JSONText
import Keys
package import Neurons
package import Primitives

/// A network as tables of text: for a terminal that redraws them, and for the end of a run.
package enum NetworkTables {
  /// The accounts that can pay, with the warning that everybody knows their keys.
  package static func accounts() -> [String] {
    var table = TextTable([.init("account"), .init("address"), .init("at the start")])
    table.append([
      "//\(LocalnetPlan.sudo.developmentName ?? "")", LocalnetPlan.sudo.account.address, "the sudo key: speaks as root",
    ])
    for account in DevelopmentAccount.allCases {
      table.append([account.reference, account.account.address, "1,000,000 TAO"])
    }
    return ["Accounts. UNSAFE: development keys, which everybody can derive. Never use them elsewhere."]
      + table.lines().map { "  " + $0 }
  }

  /// The processes with their logs.
  package static func processes(_ plan: LocalnetPlan, _ state: NetworkState) -> [String] {
    var table = TextTable([.init("process"), .init("pid", .trailing), .init("endpoint"), .init("log")])
    for name in plan.nodes {
      let status = state.nodes[name]
      table.append([
        name.description, status?.pid.map { String($0) } ?? "-", status?.readyLine?[.endpoint] ?? "-",
        plan.folder.log(of: name),
      ])
    }
    return ["Processes, in \(plan.folder.path)"] + table.lines().map { "  " + $0 }
  }

  /// The neurons as they stand, as they are redrawn with every block.
  ///
  /// - Parameter width: Where the table is wider, it has fewer columns; the role goes first, which a name tells as well.
  package static func neurons(_ plan: LocalnetPlan, _ state: NetworkState, width: Int = .max) -> [String] {
    let record = state.record
    var table = TextTable([
      .init("uid", .trailing), .init("role", rank: 6), .init("name"), .init("stake", .trailing, rank: 3),
      .init("incentive", .trailing), .init("dividends", .trailing, rank: 4), .init("emission", .trailing, rank: 2),
      .init("weights", .trailing, rank: 5), .init("tasks", .trailing, rank: 1),
    ])
    for neuron in record.metagraph?.neurons ?? [] {
      let label = NeuronLabel(neuron, plan)
      let tasks = state.tasks(of: neuron.hotkey)
      table.append([
        neuron.uid.description, label.role, label.name, shortAmount(neuron.alphaStake), percent(neuron.incentive),
        percent(neuron.dividends), shortAmount(record.totals(of: neuron.hotkey).emission),
        record.lastWeights[neuron.uid].map { "block \($0)" } ?? "-",
        tasks.sent == 0 ? "-" : "\(tasks.answered)/\(tasks.sent)",
      ])
    }
    let next = record.metagraph?.nextEpochBlock.map { ", next epoch at block \($0)" } ?? ""
    let head = "Subnet \(plan.netuid) (\(plan.subnet)): block \(record.height)\(next), \(epochCount(record))"
    return [head] + table.lines(width: width == .max ? width : width - indent.count).map { indent + $0 }
  }

  private static let indent = "  "

  /// One line about an epoch.
  package static func epoch(_ epoch: EpochSummary, _ plan: LocalnetPlan) -> String {
    let miners = epoch.rows.filter { $0.incentive > 0 }.sorted { ($1.incentive, $0.uid) < ($0.incentive, $1.uid) }
    guard epoch.isSettled else { return "epoch \(epoch.index) at block \(epoch.block): no weights yet" }
    let shares = miners.prefix(8).map { row in
      "\(plan.name(of: row.hotkey) ?? "uid \(row.uid)") \(percent(row.incentive))"
    }
    let paid = epoch.rows.reduce(UInt64(0)) { $0 + $1.emission }
    return "epoch \(epoch.index) settled at block \(epoch.block): \(shares.joined(separator: ", ")); "
      + "\(shortAmount(paid)) alpha paid"
  }

  /// Who earned what and why, best miner first.
  package static func earnings(_ report: RunReport) -> [String] {
    let hasOrder = report.neurons.contains { $0.order != nil }
    var columns: [TextTable.Column] = [.init("name"), .init("role")]
    if hasOrder { columns.append(.init("k", .trailing)) }
    columns.append(.init("score", .trailing))
    let measured = report.neurons.lazy.compactMap(\.measure?.name).first
    if let measured { columns.append(.init(measured, .trailing)) }
    columns += [
      .init("incentive", .trailing), .init("dividends", .trailing),
      .init("for mining", .trailing),
      .init("in all", .trailing),
    ]
    var table = TextTable(columns)
    for neuron in report.neurons.sorted(by: earnsMore) {
      var cells = [neuron.name, neuron.role]
      if hasOrder { cells.append(neuron.order.map { String($0) } ?? "") }
      cells.append(neuron.score.map(shortScore) ?? "")
      if let measured { cells.append(neuron.measure.map { $0.name == measured ? threeDigits($0.mean) : "" } ?? "") }
      cells += [
        percent(neuron.incentive), percent(neuron.dividends),
        shortAmount(neuron.minerEmissionTotal), shortAmount(neuron.emissionTotal),
      ]
      table.append(cells)
    }
    let settled = report.epochs.filter(\.isSettled).count
    let gap = report.missedEpochs == 0 ? "" : "; \(report.missedEpochs) more were missed while this command stood still"
    return ["Who earned what, in alpha, over \(settled) settled epochs\(gap)"] + table.lines().map { "  " + $0 }
  }

  private static func earnsMore(_ left: RunReport.Neuron, _ right: RunReport.Neuron) -> Bool {
    (right.minerEmissionTotal, right.emissionTotal, left.uid) < (left.minerEmissionTotal, left.emissionTotal, right.uid)
  }

  private static func epochCount(_ record: RunRecord) -> String {
    let count = record.settledEpochs.count
    return count == 1 ? "1 settled epoch" : "\(count) settled epochs"
  }
}

/// What to call a neuron: by the launcher's name where it started it.
package struct NeuronLabel: Sendable, Hashable {
  package let role: String
  package let name: String

  package init(_ neuron: NeuronView, _ plan: LocalnetPlan) {
    if let planned = plan.neurons.first(where: { $0.hotkey == neuron.hotkey }) {
      role = planned.name.role.rawValue
      name = planned.name.description
    } else if neuron.hotkey.account == LocalnetPlan.ownerHotkey.account {
      role = "owner"
      name = LocalnetPlan.ownerHotkey.developmentName ?? "owner"
    } else {
      role = "other"
      name = neuron.hotkey.account.address
    }
  }
}

extension LocalnetPlan {
  /// The launcher's name of a hotkey; nil for one it does not know.
  package func name(of hotkey: Hotkey) -> String? {
    if hotkey.account == LocalnetPlan.ownerHotkey.account { return LocalnetPlan.ownerHotkey.developmentName }
    return neurons.first { $0.hotkey == hotkey }?.name.description
  }
}

/// A score in 0...1 with three digits: `0.125`.
private func shortScore(_ score: Double) -> String {
  let thousandths = String(Int((min(max(score, 0), 1) * 1000).rounded()))
  let padded = String(repeating: "0", count: max(0, 4 - thousandths.count)) + thousandths
  return "\(padded.dropLast(3)).\(padded.suffix(3))"
}

/// A measure with three digits, rounded to nearest: `2.914`.
private func threeDigits(_ value: Double) -> String {
  // A measure is at most 10^12 either way.
  JSONValue.fixed(Int64((value * 1000).rounded()), digits: 3).compactText
}

/// A share of 65535 as a percentage with one digit, rounded to nearest: `33.3%`.
package func percent(_ share: UInt16) -> String {
  let tenths = (UInt32(share) * 1000 + 32767) / 65535
  return "\(tenths / 10).\(tenths % 10)%"
}

/// Rao as whole coins with three digits, rounded down: `12.345`.
package func shortAmount(_ rao: UInt64) -> String {
  let thousandths = String(rao / 1_000_000 % 1000)
  let padding = String(repeating: "0", count: 3 - thousandths.count)
  return "\(rao / Rao.perTAO).\(padding)\(thousandths)"
}
