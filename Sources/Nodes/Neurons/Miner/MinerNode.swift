import Daemon
import JSONText
import Keys
import Ledger
import Primitives
import SubnetKit
import Transport

/// A miner: it waits until its hotkey is registered, publishes where it answers, and answers.
///
/// Survives a chain that restarts; publishes anew when its record on the chain is another than where it listens.
package struct MinerNode: Service {
  private let parts: NeuronParts
  private let settings: MinerSettings

  package init(of parts: NeuronParts, settings: MinerSettings) {
    self.parts = parts
    self.settings = settings
  }

  package func run() async throws { try await parts.run(work) }

  private func work() async throws {
    let session = try await parts.client.connect()
    let members = SubnetMembers()
    let receiver = try await parts.transport.bindReceiver(at: settings.bindEndpoint, admission: members.admission)
    let board = SubnetBoard()
    let axon = Axon(
      on: receiver, key: parts.key, chainID: session.chainID, netuid: settings.netuid,
      host: performer(board, chainID: session.chainID), members: members, settings: settings.axon,
      in: parts.surroundings)
    parts.log.info("axon bound", [.endpoint: .of(axon.address.endpoint), .mechanism: .text(parts.host.name)])
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await axon.run() }
      group.addTask { try await follow(axon, members, board) }
      // Neither returns by itself; the first to throw ends the other.
      try await group.next()
      group.cancelAll()
    }
  }

  /// The host that answers: the parts' own where the settings' behaviour is honest.
  private func performer(_ board: SubnetBoard, chainID: Hash256) -> MechanismHost {
    let (host, behaviour) = (parts.host, settings.behaviour)
    guard behaviour.kind != .honest else { return host }
    parts.log.warning("UNSAFE: this miner misbehaves, for tests", [.behaviour: .of(behaviour)])
    let dendrite = parts.dendrite(on: settings.netuid, of: chainID)
    let relay = AnswerRelay(over: dendrite, board: board, message: host.message, own: parts.hotkey)
    return MechanismHost(
      name: host.name, version: host.version,
      backend: MisbehavingMiner(behaviour, of: host, own: parts.hotkey, relay: relay, in: parts.surroundings))
  }

  /// Keeps the members, the published axon and the status in step with the chain.
  private func follow(
    _ axon: Axon, _ members: SubnetMembers, _ board: SubnetBoard
  ) async throws(ChainClientError) {
    var heads = HeadFollower(of: parts.client)
    var standing = MinerStanding.unknown
    var isReady = false
    var refreshAt: Duration = .zero
    while true {
      let head = try await heads.next()
      guard parts.surroundings.time.elapsed >= refreshAt else { continue }
      refreshAt = parts.surroundings.time.elapsed + settings.refreshInterval
      do throws(ChainClientError) {
        let metagraph = try await parts.client.metagraph(of: settings.netuid)
        if let metagraph { members.replace(with: metagraph) }
        board.replace(with: metagraph)
        let now = MinerStanding(of: parts.hotkey, in: metagraph, servingAt: announced(axon))
        if now != standing { report(now) }
        standing = now
        if case .needsServing = now, settings.behaviour.kind != .offline, try await publish(axon) { refreshAt = .zero }
      } catch {
        guard error.isRetriable else { throw error }
        parts.log.warning("the chain could not be asked", [.reason: .of(error)])
      }
      let isOnline = standing.isServing || settings.behaviour.kind == .offline
      if !isReady, isOnline, let uid = standing.uid {
        isReady = true
        parts.onReady(readyLine(uid, axon))
      }
      parts.status?.write(statusDocument(axon, standing, at: head.number))
    }
  }

  /// Publishes where the axon listens; false when the chain refused for now.
  private func publish(_ axon: Axon) async throws(ChainClientError) -> Bool {
    guard let (address, port) = announced(axon) else { return false }
    do throws(ChainClientError) {
      let call = ServeAxon(
        netuid: settings.netuid, version: MinerSettings.axonVersion, ip: address.bytes, port: port,
        protocolNumber: AxonView.zeroMQProtocol)
      try await parts.client.submitAndWait(call, signedBy: parts.key)
      parts.log.info("axon published", [.endpoint: .of(Endpoint.tcp(address, port: port))])
      return true
    } catch {
      // A refusal is the chain's last word for now only: the owner may change a limit, the operator his address.
      guard error.ledgerCode != nil else { throw error }
      parts.log.warning("the chain did not take the axon's address", [.reason: .of(error)])
      return false
    }
  }

  /// The address and port that the chain should hold.
  private func announced(_ axon: Axon) -> (address: IPAddress, port: UInt16)? {
    guard case .tcp(let bound, let port) = axon.address.endpoint else { return nil }
    return (settings.announcedAddress ?? bound, port)
  }

  private func report(_ standing: MinerStanding) {
    let fields: LogFields = [.netuid: .number(settings.netuid.value), .hotkey: .text(parts.key.account.address)]
    switch standing {
    case .unknown: break
    case .noSubnet: parts.log.info("waiting for the subnet to be created", fields)
    case .notRegistered: parts.log.info("waiting for this hotkey to be registered", fields)
    case .needsServing(let uid):
      parts.log.info(
        "registered; publishing the axon", [.netuid: .number(settings.netuid.value), .uid: .number(uid.value)])
    case .serving(let uid):
      parts.log.info("serving", [.netuid: .number(settings.netuid.value), .uid: .number(uid.value)])
    }
  }

  private func readyLine(_ uid: UID, _ axon: Axon) -> ReadyLine {
    ReadyLine(
      "miner",
      [
        .netuid: .number(settings.netuid.value), .uid: .number(uid.value), .hotkey: .text(parts.key.account.address),
        .endpoint: .of(axon.address.endpoint), .mechanism: .text(parts.host.name),
      ])
  }

  private func statusDocument(
    _ axon: Axon, _ standing: MinerStanding, at height: BlockNumber
  ) -> JSONText.JSONValue {
    let counts = axon.counts
    let refused = counts.refused.sorted { $0.key < $1.key }.map {
      JSONMember(String($0.key), JSONText.JSONValue($0.value))
    }
    return [
      "role": "miner", "netuid": JSONText.JSONValue(settings.netuid.value),
      "hotkey": JSONText.JSONValue(parts.key.account.address),
      "uid": standing.uid.map { JSONText.JSONValue($0.value) } ?? .null, "height": JSONText.JSONValue(height.value),
      "endpoint": JSONText.JSONValue(axon.address.endpoint.description),
      "serving": JSONText.JSONValue(standing.isServing),
      "requests": [
        "received": JSONText.JSONValue(counts.received), "answered": JSONText.JSONValue(counts.answered),
        "refused": JSONText.JSONValue(counts.refusedTotal), "refused_by_status": .object(refused),
      ],
    ]
  }
}
