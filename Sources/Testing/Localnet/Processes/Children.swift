import Daemon
import Glibc
import Synchronization

/// The child processes of a network: starts them, reads what they say, notices their end.
final class Children: Sendable {
  private let state: Watched<NetworkState>
  private let running = Mutex<[NodeName: ChildProcess]>([:])

  /// A child, and which start of its node it is: what is heard of it later says nothing of the next one.
  private struct Arrival: Sendable {
    let name: NodeName
    let child: ChildProcess
    let start: Int
  }

  /// What was started and is not read yet.
  private let arrivals: AsyncStream<Arrival>
  private let announce: AsyncStream<Arrival>.Continuation

  init(state: Watched<NetworkState>) {
    self.state = state
    (arrivals, announce) = AsyncStream.makeStream()
  }

  /// Reads every child that is started, until `stopAll`.
  func attend() async {
    await withDiscardingTaskGroup { group in
      for await arrival in arrivals {
        group.addTask { await self.read(arrival) }
      }
    }
  }

  func start(_ command: ChildCommand, as name: NodeName) async throws {
    let start = state.update { state in
      var node = state.nodes[name] ?? NodeStatus()
      node.phase = .starting
      node.isWanted = true
      node.isPaused = false
      node.hasFailed = false
      node.startCount += 1
      state.nodes[name] = node
      return node.startCount
    }
    let child: ChildProcess
    do throws(LaunchError) {
      child = try await ChildProcess.start(command)
    } catch {
      state.update { state in
        state.nodes[name]?.phase = .notStarted
        state.nodes[name]?.isWanted = false
      }
      throw error
    }
    running.withLock { $0[name] = child }
    state.update { $0.nodes[name]?.pid = child.pid }
    announce.yield(Arrival(name: name, child: child, start: start))
  }

  func kill(_ name: NodeName) async {
    state.update { $0.nodes[name]?.isWanted = false }
    guard let child = running.withLock({ $0[name] }) else { return }
    child.send(SIGKILL)
    _ = await child.stop(grace: .zero)
    await settled(name)
  }

  func stop(_ name: NodeName) async -> ExitStatus? {
    state.update { $0.nodes[name]?.isWanted = false }
    guard let child = running.withLock({ $0[name] }) else { return nil }
    // One that stands still would hear nothing of its end.
    child.send(SIGCONT)
    let status = await child.stop(grace: LocalNetwork.stopGrace)
    await settled(name)
    return status
  }

  /// Lets a child stand still, or go on.
  func setPaused(_ isPaused: Bool, _ name: NodeName) {
    guard let child = running.withLock({ $0[name] }) else { return }
    child.send(isPaused ? SIGSTOP : SIGCONT)
    state.update { $0.nodes[name]?.isPaused = isPaused }
  }

  /// Stops everything: first those that ask the chain, then the chain, so that nobody waits for it in vain.
  func stopAll() async {
    announce.finish()
    state.update { state in
      for name in state.nodes.keys { state.nodes[name]?.isWanted = false }
    }
    let children = running.withLock { $0 }
    for (_, child) in children { child.send(SIGCONT) }
    await withDiscardingTaskGroup { group in
      for (name, child) in children where name != .chain {
        group.addTask { _ = await child.stop(grace: LocalNetwork.stopGrace) }
      }
    }
    _ = await children[.chain]?.stop(grace: LocalNetwork.stopGrace)
  }

  /// Waits until the reader has noted the end, so that whoever looks next sees it.
  private func settled(_ name: NodeName) async {
    _ = try? await state.first(within: LocalNetwork.stopGrace) { state -> Bool? in
      if case .ended? = state.nodes[name]?.phase { true } else { nil }
    }
  }

  private func read(_ arrival: Arrival) async {
    let (name, child) = (arrival.name, arrival.child)
    for await line in child.lines {
      guard let ready = ReadyLine(parsing: line) else { continue }
      state.update { state in
        guard state.nodes[name]?.startCount == arrival.start else { return }
        state.nodes[name]?.readyLine = ready
        state.nodes[name]?.phase = .ready
      }
    }
    let status: ExitStatus
    do {
      status = try await child.ended()
    } catch {
      // Only a cancelled wait throws, and then the child ends with everything else.
      status = await child.stop(grace: LocalNetwork.stopGrace)
    }
    running.withLock { running in
      if running[name] === child { running[name] = nil }
    }
    state.update { state in
      guard state.nodes[name]?.startCount == arrival.start else { return }
      state.nodes[name]?.phase = .ended(status)
      if state.outlivesNodes, state.nodes[name]?.isWanted == true {
        state.nodes[name]?.isWanted = false
        state.nodes[name]?.hasFailed = true
      }
    }
  }
}
