package import Daemon
import JSONText
import Neurons
import Primitives
import Transport

/// Serves the commands that reach a running network's launcher, until one of them ends the network.
///
/// What looks is answered at once; what changes the network is done one after another, in the order of arrival.
package final class ControlDesk: Service {
  private let network: LocalNetwork
  private let claim: NetworkClaim
  private let server: LineServer

  private typealias Job = (request: ControlRequest, question: LineServer.Question)

  /// - Parameter server: At the folder's `controlSocket`; whoever made it closes it.
  package init(of network: LocalNetwork, under claim: NetworkClaim, on server: LineServer) {
    self.network = network
    self.claim = claim
    self.server = server
  }

  /// Returns when a command asked for the end of the network.
  package func run() async throws {
    let (jobs, queue) = AsyncStream<Job>.makeStream(bufferingPolicy: .bufferingOldest(LineServer.connectionLimit))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for await job in jobs { await self.answer(job) }
      }
      group.addTask { await self.read(into: queue) }
      // The first to end is the reader: the other waits for jobs until it is cancelled.
      defer { group.cancelAll() }
      try await group.next()
    }
    try Task.checkCancellation()
  }

  /// Takes questions in until one asks for the end.
  private func read(into queue: AsyncStream<Job>.Continuation) async {
    for await question in server.questions {
      do throws(NetworkRefusal) {
        switch try ControlRequest(parsing: question.line) {
        case .status: question.answer(ControlAnswer.done(statusDocument))
        case .stop:
          question.answer(ControlAnswer.done(["pid": JSONValue(claim.record.pid)]))
          return
        case let request: queue.yield((request, question))
        }
      } catch {
        question.answer(ControlAnswer.refused(error))
      }
    }
  }

  private func answer(_ job: Job) async {
    do {
      guard network.state.state.record.times.ready != nil else {
        throw NetworkRefusal.refused(
          "network \(claim.record.name) is still starting; try again when 'subnet status' says that it runs", .failed)
      }
      let nodes = try await network.inTurn { try await self.perform(job.request) }
      job.question.answer(ControlAnswer.done(["nodes": .list(nodes.map(nodeDocument))]))
    } catch {
      job.question.answer(ControlAnswer.refused(error))
    }
  }

  /// Does what is asked and returns the nodes that it was done to.
  private func perform(_ request: ControlRequest) async throws -> [NodeName] {
    switch request {
    case .act(let action, let nodes):
      try check(nodes, for: action)
      for node in nodes { try await perform(action, on: node) }
      return nodes
    case .delay(let nodes, let delay):
      try check(nodes, for: nil)
      for node in nodes { try network.delay(node, by: delay) }
      return nodes
    case .scale(let role, let count):
      try await network.scale(role, to: count)
      return network.state.state.nodes.keys.filter { $0.role == role }.sorted()
    case .status, .stop: return []
    }
  }

  private func perform(_ action: ControlRequest.Action, on node: NodeName) async throws {
    switch action {
    case .kill: await network.kill(node)
    case .pause: network.pause(node)
    case .resume: network.resume(node)
    case .disconnect: try network.disconnect(node)
    case .reconnect: try network.reconnect(node)
    case .restart:
      await network.stop(node)
      try await network.restart(node)
    }
  }

  /// All nodes are checked before anything is done to the first.
  private func check(_ nodes: [NodeName], for action: ControlRequest.Action?) throws(NetworkRefusal) {
    let known = network.state.state.nodes
    for node in nodes {
      guard let status = known[node] else {
        let names = known.keys.sorted().map(\.description).joined(separator: ", ")
        throw .refused("network \(claim.record.name) has no node \(node); its nodes: \(names)", .usage)
      }
      let needsProcess = action == .kill || action == .pause || action == .resume
      guard status.isRunning || !needsProcess else {
        throw .refused("\(node) does not run; start it with 'subnet restart \(node)'", .failed)
      }
    }
  }
}

// What the launcher tells of its network.
extension ControlDesk {
  private var statusDocument: JSONValue {
    let state = network.state.state
    let plan = network.plan
    let record = state.record
    let isReady = record.times.ready != nil
    return [
      "name": .text(claim.record.name), "state": .text(isReady ? "running" : "starting"),
      "work": .text(claim.record.work), "folder": .text(claim.folder.path), "launcher": JSONValue(claim.record.pid),
      "started_ms": JSONValue(claim.record.startedMilliseconds), "kept": .flag(claim.record.isKept),
      "subnet": .text(plan.subnet), "netuid": JSONValue(plan.netuid.value), "tempo": JSONValue(plan.tempo),
      "block_time_ms": JSONValue(plan.blockTime.wholeMilliseconds), "height": JSONValue(record.height.value),
      "next_epoch_block": record.metagraph?.nextEpochBlock.map { JSONValue($0.value) } ?? .null,
      "settled_epochs": JSONValue(record.settledEpochs.count),
      "note": state.programNote.map { .text($0) } ?? .null,
      "chain": isReady ? (try? network.chainAddress()).map { .text("\($0.endpoint)") } ?? .null : .null,
      "nodes": .list(state.nodes.keys.sorted().map(nodeDocument)),
    ]
  }

  private func nodeDocument(_ name: NodeName) -> JSONValue {
    let status = network.state.state.nodes[name] ?? NodeStatus()
    var state: String
    var exit = JSONValue.null
    switch status.phase {
    case .notStarted: state = "not started"
    case .starting: state = "starting"
    case .ready: state = "running"
    case .ended(let end):
      state = status.hasFailed ? "failed" : "stopped"
      exit = .text("\(end)")
    }
    if status.isPaused, status.isRunning { state = "paused" }
    return [
      "name": .text("\(name)"), "role": .text(name.role.rawValue), "state": .text(state),
      "pid": status.isRunning ? status.pid.map { JSONValue($0) } ?? .null : .null,
      "starts": JSONValue(status.startCount), "exit": exit, "disconnected": .flag(status.linkFaults.isCut),
      "delay_ms": JSONValue(status.linkFaults.delay.wholeMilliseconds),
      "endpoint": status.readyLine?[.endpoint].map { .text($0) } ?? .null,
      "log": .text(network.plan.folder.log(of: name)),
    ]
  }
}
