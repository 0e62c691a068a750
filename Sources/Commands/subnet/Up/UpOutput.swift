import Daemon
import JSONText
import Localnet
import Primitives

/// What `subnet up` shows: a live view on a terminal, a line an event elsewhere, or JSON.
///
/// Each call gets the state as it is; what was shown before is not shown again.
actor UpOutput {
  enum Form: Sendable {
    case json
    case text
  }

  private let network: LocalNetwork
  private let known: KnownNetwork
  let form: Form
  private var view: LiveView
  private let terminal: Terminal
  private var shownEpochs = 0
  private var hasShownWeights = false

  init(_ network: LocalNetwork, _ known: KnownNetwork, form: Form, terminal: Terminal = .standardOutput) {
    self.network = network
    self.known = known
    self.form = form
    self.terminal = terminal
    view = LiveView(terminal)
  }

  private var plan: LocalnetPlan { network.plan }

  /// Before anything runs.
  func begin() {
    guard form == .text else { return }
    for line in NetworkTables.accounts() { view.note(line) }
    view.note("")
    let validators = counted(plan.validatorCount, "validator")
    view.note("Starting chain, \(validators) and \(counted(plan.minerCount, "miner")) of \(plan.work).")
    view.note("Network \(known.name), state and logs: \(plan.folder.path)")
  }

  func showReady(_ state: NetworkState) {
    let milliseconds = state.record.times.ready?.wholeMilliseconds ?? 0
    switch form {
    case .json:
      let processes = plan.nodes.map { name -> JSONValue in
        let status = state.nodes[name]
        return [
          "name": .text("\(name)"), "pid": JSONValue(status?.pid ?? 0),
          "endpoint": status?.readyLine?[.endpoint].map { .text($0) } ?? .null,
          "log": .text(plan.folder.log(of: name)),
        ]
      }
      write([
        "event": "ready", "name": .text(known.name), "ready_ms": JSONValue(milliseconds),
        "state": .text(plan.folder.path), "processes": .list(processes),
      ])
    case .text:
      view.note("")
      for line in NetworkTables.processes(plan, state) { view.note(line) }
      view.note("")
      view.note("Ready after \(seconds(milliseconds)): blocks flow and every node answered.")
      view.note("In another terminal: subnet status \(known.options), subnet logs --follow, subnet scale miner 8")
      view.note("")
    }
  }

  /// After each change: new epochs as lines that stay, the neurons as they are.
  func show(_ state: NetworkState) {
    let record = state.record
    if let first = record.times.firstWeights, !hasShownWeights {
      hasShownWeights = true
      switch form {
      case .json: write(["event": "first_weights", "first_weights_ms": JSONValue(first.wholeMilliseconds)])
      case .text: view.note("First weights after \(seconds(first.wholeMilliseconds)).")
      }
    }
    for epoch in record.epochs.dropFirst(shownEpochs) {
      switch form {
      case .json: write(.object([JSONMember("event", "epoch")] + ((try? epoch.document.members()) ?? [])))
      case .text: view.note(NetworkTables.epoch(epoch, plan))
      }
    }
    shownEpochs = record.epochs.count
    // Elsewhere than on a terminal the lines above are all there is to say.
    if form == .text { view.show(NetworkTables.neurons(plan, state, width: terminal.width), summary: "") }
  }

  func finish(_ report: RunReport, reportPath: String?) {
    switch form {
    case .json: write(.object([JSONMember("event", "report"), JSONMember("report", report.document)]))
    case .text:
      view.note("")
      for line in NetworkTables.earnings(report) { view.note(line) }
      view.note("")
      view.note(sums(report))
      if let reportPath { view.note("Report: \(reportPath)") }
      let work = plan.plugin.map { "--plugin \($0.path)" } ?? "--subnet \(plan.subnet)"
      view.note("Next, leave it running and change it while it runs: subnet up \(work) --detach")
    }
  }

  private func sums(_ report: RunReport) -> String {
    let supply = report.supply
    let verdict = supply.sum == report.issuance.value ? "equal" : "NOT EQUAL"
    return "Block \(report.height), state root \(report.stateRoot)\n"
      + "Issuance \(report.issuance) TAO; balances \(Rao(supply.balances)) + root stake \(Rao(supply.rootStake)) "
      + "+ pools \(Rao(supply.poolReserves)): \(verdict)"
  }

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  /// A line that stays.
  func note(_ line: String) { view.note(line) }

  func write(_ value: JSONValue) { terminal.write(value.compactText + "\n") }

  func seconds(_ milliseconds: Int64) -> String {
    "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
  }
}
