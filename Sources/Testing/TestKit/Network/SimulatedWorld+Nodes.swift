import ChainNode
import Daemon
import Keys
package import Localnet
import Neurons
import Primitives
package import Scenarios
import SubnetKit
import Synchronization
import Transport

// Nodes that start, end, stand still and lose their line.
extension SimulatedWorld {
  package func perform(_ action: ScenarioFault.Action, on node: NodeName) async throws {
    switch action {
    case .kill: await stop(node)
    case .restart: try await start(node)
    case .pause: setPaused(true, node)
    case .resume: setPaused(false, node)
    case .disconnect: change(node) { $0.isCut = true }
    case .reconnect: change(node) { $0.isCut = false }
    case .delay(let delay): change(node) { $0 = LinkFaults(isCut: $0.isCut, delay: delay) }
    }
  }

  /// Starts a node that does not run; one that runs is left alone.
  package func start(_ name: NodeName) async throws {
    guard running.withLock({ $0[name] }) == nil else { return }
    if name == .chain { return try await startChain() }
    guard let neuron = plan.neurons.first(where: { $0.name == name }) else { return }
    try await start(neuron)
  }

  /// Ends a node as a power cut does: what it saved stays, all else is gone.
  package func stop(_ name: NodeName) async {
    watched.update { $0.nodes[name]?.isWanted = false }
    guard let node = running.withLock({ $0.removeValue(forKey: name) }) else { return }
    node.task.cancel()
    // One that stands still would never hear of its end.
    node.executor.setPaused(false)
    await node.transport.close()
    await node.task.value
  }

  private func setPaused(_ isPaused: Bool, _ name: NodeName) {
    guard let node = running.withLock({ $0[name] }) else { return }
    node.executor.setPaused(isPaused)
    watched.update { $0.nodes[name]?.isPaused = isPaused }
  }

  private func change(_ name: NodeName, _ change: (inout LinkFaults) -> Void) {
    let faults = lines.withLock { lines -> LinkFaults in
      var faults = lines[name] ?? .none
      change(&faults)
      lines[name] = faults
      return faults
    }
    watched.update { $0.nodes[name]?.linkFaults = faults }
  }

  // MARK: Starting

  func startChain() async throws {
    let wall = VirtualWallClock(simulation.clock)
    let recent = try await ChainReplay(genesis: genesis, log: chainLog, logger: logger).run()
    let producer = BlockProducer(
      genesis: genesis, from: recent, key: authority, log: chainLog, blockTime: .every(plan.blockTime),
      clock: simulation.clock, wallClock: wall, logger: logger)
    let (loopback, transport) = transport(of: .chain, key: authority)
    let receiver = try await transport.bindReceiver(
      at: SimulatedWorld.chainEndpoint, admission: TransportAdmission(.any))
    let service = ChainService(
      producer: producer, receiver: receiver, key: authority, clock: simulation.clock, wallClock: wall, logger: logger)
    launch(service, as: .chain, over: loopback)
    markReady(.chain, nil)
  }

  func start(_ neuron: PlannedNeuron) async throws {
    let name = neuron.name
    let key = KeyPair.development(name: name.description)
    let (loopback, transport) = transport(of: name, key: key)
    let surroundings = surroundings(name.description, start: watched.state.nodes[name]?.startCount ?? 0)
    let disk = disks.withLock { disks -> SimulatedDisk in
      let disk = disks[name] ?? SimulatedDisk()
      disks[name] = disk
      return disk
    }
    let onReady: @Sendable (ReadyLine) -> Void = { [self] in markReady(name, $0) }
    let status = StatusFile(disk.status, log: logger)
    let options = plan.mechanismOptions(of: name)
    let behaviour = plan.behaviours[name] ?? .honest
    let parts = try NeuronParts(
      key: key, chain: chainAddress, over: transport,
      running: await makeHost(name.role == .validator ? .validator : .miner, options), status: status, in: surroundings,
      onReady: onReady)
    if name.role == .validator {
      var settings = ValidatorSettings(netuid: plan.netuid, seed: (plan.seed ?? 0) &+ UInt64(name.number))
      if let deadline = plan.taskDeadline { settings.taskDeadline = deadline }
      if let interval = plan.roundInterval { settings.roundInterval = interval }
      settings.behaviour = behaviour
      launch(ValidatorNode(of: parts, settings: settings, keeping: disk.memory), as: name, over: loopback)
    } else {
      var settings = MinerSettings(netuid: plan.netuid)
      settings.behaviour = behaviour
      launch(MinerNode(of: parts, settings: settings), as: name, over: loopback)
    }
  }

  /// A node's own place on the network, and the same behind a line that can be cut.
  private func transport(of name: NodeName, key: KeyPair) -> (LoopbackNode, FaultyNode) {
    let node = network.node(named: name.description, key: TransportKeyPair(converting: key).publicKey)
    let line = FaultyNode(node, clock: simulation.clock) { [self] in lines.withLock { $0[name] ?? .none } }
    return (node, line)
  }

  private func launch(_ service: any Service, as name: NodeName, over transport: LoopbackNode) {
    watched.update { state in
      state.nodes[name]?.phase = .starting
      state.nodes[name]?.isWanted = true
      state.nodes[name]?.isPaused = false
      state.nodes[name]?.startCount += 1
      state.nodes[name]?.endReason = nil
    }
    let executor = simulation.executor()
    let task = Task(executorPreference: executor) { [watched] in
      var reason: String?
      do {
        try await service.run()
      } catch is CancellationError {
        reason = nil
      } catch {
        reason = "\(error)"
      }
      watched.update { state in
        state.nodes[name]?.phase = .ended(.exited(reason == nil ? 0 : ExitCode.failed.rawValue))
        state.nodes[name]?.endReason = reason
      }
    }
    running.withLock { $0[name] = RunningNode(task: task, executor: executor, transport: transport) }
  }

  private func markReady(_ name: NodeName, _ line: ReadyLine?) {
    watched.update { state in
      state.nodes[name]?.phase = .ready
      state.nodes[name]?.readyLine = line
    }
  }
}
