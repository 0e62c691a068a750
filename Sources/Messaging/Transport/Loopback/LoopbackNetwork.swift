/// A network inside one process: named nodes, real admission, real caps, and faults on demand.
///
/// Nothing here starts a thread or a task of its own, and time comes from the clock handed in: under an executor with
/// one thread and a clock moved by hand, the same seed gives the same run.
package final class LoopbackNetwork: Sendable {
  /// Requests that wait for an endpoint that nobody has bound yet.
  package static let parkedLimit = 1024
  /// The first port given to a `tcp` endpoint that asks for any.
  private static let firstPort: UInt16 = 20_000

  fileprivate struct Link: Hashable {
    let one: String
    let other: String

    init(_ left: String, _ right: String) {
      (one, other) = left < right ? (left, right) : (right, left)
    }
  }

  fileprivate struct State {
    var faults: LoopbackFaults
    var cuts: Set<Link> = []
    var dice: [String: LoopbackDice] = [:]
    var nextPort = LoopbackNetwork.firstPort
    var receivers: [Endpoint: LoopbackReceiver] = [:]
    var publishers: [Endpoint: LoopbackPublisher] = [:]
    var followers: [Endpoint: [LoopbackFollower]] = [:]
    var parked: [(endpoint: Endpoint, delivery: LoopbackDelivery)] = []
  }

  let clock: any Clock<Duration>
  private let seed: UInt64
  private let state: Guarded<State>

  package init(clock: any Clock<Duration>, seed: UInt64 = 0, faults: LoopbackFaults = .none) {
    self.clock = clock
    self.seed = seed
    state = Guarded(State(faults: faults))
  }

  /// A node of this network; its name is what `cut` and the faults' sequence know it by.
  package func node(
    named name: String, key: TransportKey, inFlightLimit: Int = LoopbackNode.inFlightLimit
  ) -> LoopbackNode {
    LoopbackNode(name: name, key: key, network: self, inFlightLimit: inFlightLimit)
  }

  /// Changes what happens to messages sent from now on.
  package func setFaults(_ faults: LoopbackFaults) { state.withLock { $0.faults = faults } }

  /// Lets nothing pass between two nodes, in either direction, until healed.
  package func cut(_ one: String, from other: String) {
    state.withLock { _ = $0.cuts.insert(Link(one, other)) }
  }

  /// Lets nothing pass between any node of one group and any node of another.
  package func partition(_ groups: [[String]]) {
    for (index, group) in groups.enumerated() {
      for other in groups[(index + 1)...].joined() {
        for one in group { cut(one, from: other) }
      }
    }
  }

  /// Undoes every cut.
  package func heal() { state.withLock { $0.cuts = [] } }
}

// What nodes, receivers and publishers ask of their network.
extension LoopbackNetwork {
  func isCut(_ one: String, from other: String) -> Bool {
    state.withLock { $0.cuts.contains(Link(one, other)) }
  }

  func fate(from sender: String, to receiver: String) -> LoopbackFate {
    let link = "\(sender)>\(receiver)"
    return state.withLock { state in
      state.dice[link, default: LoopbackDice(seed: seed, link: link)].roll(state.faults)
    }
  }

  /// Brings a request to its receiver, or keeps it for one that has yet to bind.
  func deliver(_ delivery: LoopbackDelivery, to endpoint: Endpoint) {
    let receiver = state.withLock { state -> LoopbackReceiver? in
      if let receiver = state.receivers[endpoint] { return receiver }
      state.parked.removeAll { $0.delivery.ticket.isFinished }
      if state.parked.count < LoopbackNetwork.parkedLimit { state.parked.append((endpoint, delivery)) }
      return nil
    }
    receiver?.connect(delivery)
  }

  func bind(
    at endpoint: Endpoint, makeReceiver: (Endpoint) -> LoopbackReceiver
  ) throws(TransportError) -> LoopbackReceiver {
    let bound = state.withLock { state -> (LoopbackReceiver, [LoopbackDelivery])? in
      guard let free = state.freeEndpoint(like: endpoint) else { return nil }
      let receiver = makeReceiver(free)
      state.receivers[free] = receiver
      let waiting = state.parked.filter { $0.endpoint == free }.map(\.delivery)
      state.parked.removeAll { $0.endpoint == free }
      return (receiver, waiting)
    }
    guard let (receiver, waiting) = bound else { throw .endpointTaken(endpoint) }
    for delivery in waiting { receiver.connect(delivery) }
    return receiver
  }

  func bind(
    at endpoint: Endpoint, makePublisher: (Endpoint) -> LoopbackPublisher
  ) throws(TransportError) -> LoopbackPublisher {
    let bound = state.withLock { state -> (LoopbackPublisher, [LoopbackFollower])? in
      guard let free = state.freeEndpoint(like: endpoint) else { return nil }
      let publisher = makePublisher(free)
      state.publishers[free] = publisher
      return (publisher, state.followers[free] ?? [])
    }
    guard let (publisher, followers) = bound else { throw .endpointTaken(endpoint) }
    for follower in followers { publisher.greet(follower) }
    return publisher
  }

  func unbind(_ endpoint: Endpoint) {
    state.withLock { state in
      state.receivers[endpoint] = nil
      state.publishers[endpoint] = nil
    }
  }

  func add(_ follower: LoopbackFollower, of endpoint: Endpoint) {
    let publisher = state.withLock { state in
      state.followers[endpoint, default: []].append(follower)
      return state.publishers[endpoint]
    }
    publisher?.greet(follower)
  }

  func remove(_ follower: LoopbackFollower, of endpoint: Endpoint) {
    state.withLock { state in
      state.followers[endpoint]?.removeAll { $0 === follower }
      if state.followers[endpoint]?.isEmpty == true { state.followers[endpoint] = nil }
    }
  }

  func followers(of endpoint: Endpoint) -> [LoopbackFollower] {
    state.withLock { $0.followers[endpoint] ?? [] }
  }
}

extension LoopbackNetwork.State {
  mutating func freeEndpoint(like wanted: Endpoint) -> Endpoint? {
    guard case .tcp(let address, port: 0) = wanted else { return isBound(wanted) ? nil : wanted }
    // Never the same port twice, so that a late message cannot reach a stranger.
    while nextPort < .max {
      nextPort += 1
      let candidate = Endpoint.tcp(address, port: nextPort)
      if !isBound(candidate) { return candidate }
    }
    return nil
  }

  private func isBound(_ endpoint: Endpoint) -> Bool {
    receivers[endpoint] != nil || publishers[endpoint] != nil
  }
}
