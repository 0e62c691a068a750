import CZeroMQ
import Glibc
import Primitives
import Testing
import Transport
import ZeroMQTransport

/// The two transports that one suite runs over.
enum Fabric: String, CaseIterable, CustomTestStringConvertible {
  case loopback
  case zeroMQ

  var testDescription: String { rawValue }
}

/// Nodes that can reach each other, closed together.
final class World: Sendable {
  private let loopback: LoopbackNetwork?
  private let settings: ZeroMQSettings
  private let inFlightLimit: Int
  private let nodes = Guarded<[any TransportNode]>([])

  init(
    _ fabric: Fabric, settings: ZeroMQSettings = ZeroMQSettings(), inFlightLimit: Int = 1024,
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    loopback = fabric == .loopback ? LoopbackNetwork(clock: clock) : nil
    var settings = settings
    settings.inFlightLimit = inFlightLimit
    settings.lingerMilliseconds = 100
    // A machine that stands still for a while shall not look like a peer that is gone.
    settings.heartbeatTimeoutMilliseconds = 120_000
    settings.heartbeatTimeToLiveMilliseconds = 120_000
    self.settings = settings
    self.inFlightLimit = inFlightLimit
  }

  func node(keys: TransportKeyPair = .fresh()) async throws -> any TransportNode {
    let node: any TransportNode
    if let loopback {
      node = loopback.node(named: keys.publicKey.description, key: keys.publicKey, inFlightLimit: inFlightLimit)
    } else {
      node = try await ZeroMQNode.start(keys: keys, settings: settings)
    }
    nodes.withLock { $0.append(node) }
    return node
  }

  func close() async {
    let nodes = nodes.withLock { $0 }
    await withTaskGroup { group in
      for node in nodes { group.addTask { await node.close() } }
    }
  }
}

/// - Parameter clock: The loopback's.
func withWorld(
  _ fabric: Fabric, settings: ZeroMQSettings = ZeroMQSettings(), inFlightLimit: Int = 1024,
  clock: any Clock<Duration> = ContinuousClock(), _ body: (World) async throws -> Void
) async throws {
  let world = World(fabric, settings: settings, inFlightLimit: inFlightLimit, clock: clock)
  do {
    try await body(world)
  } catch {
    await world.close()
    throw error
  }
  await world.close()
}

/// Binds at an endpoint that stays free when it is closed: none that the kernel gives to who asks for any.
///
/// Below the ports that the kernel chooses from, so that nobody takes it between two times that a test binds it.
func bindLasting<Bound>(_ bind: (Endpoint) async throws -> Bound) async throws -> Bound {
  while true {
    let port = lastingPort.withLock { port in
      port = port < 29_999 ? port + 1 : 10_000
      return port
    }
    do {
      return try await bind(.tcp(.loopback, port: port))
    } catch TransportError.endpointTaken {
      // Another run of these tests has it.
    }
  }
}

private let lastingPort = Guarded(UInt16.random(in: 10_000..<30_000))

/// Binds at an endpoint that was closed a moment ago.
///
/// A child that another test is starting keeps the closed socket until it becomes its own program.
func bindAgain<Bound>(_ bind: () async throws -> Bound) async throws -> Bound {
  var bound: Bound?
  try await eventually("the endpoint is free") {
    do {
      bound = try await bind()
      return true
    } catch TransportError.endpointTaken {
      return false
    }
  }
  return try #require(bound)
}

/// Serves for as long as `body` runs.
func serving<Value: Sendable>(
  _ receiver: any RequestReceiver, concurrencyLimit: Int = 64,
  overloaded: @escaping @Sendable (IncomingRequest) -> MessageFrames? = { _ in nil },
  _ handle: @escaping @Sendable (IncomingRequest) async -> MessageFrames?,
  while body: () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      try await receiver.serve(concurrencyLimit: concurrencyLimit, overloaded: overloaded, handle: handle)
    }
    let value = try await body()
    group.cancelAll()
    try await group.waitForAll()
    return value
  }
}

/// Waits for a condition, and records an issue when it does not come.
func eventually(
  _ what: Comment, within limit: Duration = patience, sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () async throws -> Bool
) async throws {
  let end = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < end else {
      Issue.record(what, sourceLocation: sourceLocation)
      return
    }
    try await Task.sleep(for: .milliseconds(2))
  }
}

/// A gate that tasks wait at until it opens or they are cancelled.
final class Latch: Sendable {
  private struct State {
    var isOpen = false
    var arrivalCount = 0
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var cancelled: Set<Int> = []
  }

  private let state = Guarded(State())

  var arrivalCount: Int { state.withLock { $0.arrivalCount } }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [:] }
      return state.waiting
    }
    for waiter in waiting.values { waiter.resume() }
  }

  func pass() async {
    let number = state.withLock { state in
      state.arrivalCount += 1
      return state.arrivalCount
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let passes = state.withLock { state in
          let passes = state.isOpen || state.cancelled.contains(number)
          if !passes { state.waiting[number] = continuation }
          return passes
        }
        if passes { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        state.cancelled.insert(number)
        return state.waiting.removeValue(forKey: number)
      }
      waiter?.resume()
    }
  }
}

final class Counter: Sendable {
  private let count = Guarded(0)
  var value: Int { count.withLock { $0 } }
  func increment() { count.withLock { $0 += 1 } }
}

/// What happened, in order.
final class Log<Entry: Sendable>: Sendable {
  private let list = Guarded<[Entry]>([])
  var entries: [Entry] { list.withLock { $0 } }
  func append(_ entry: Entry) { list.withLock { $0.append(entry) } }
}

extension TransportKeyPair {
  static func fresh() -> TransportKeyPair {
    var publicText = [CChar](repeating: 0, count: 41)
    var secretText = publicText
    precondition(zmq_curve_keypair(&publicText, &secretText) == 0)
    return TransportKeyPair(publicKey: TransportKey(decoded(publicText))!, secretBytes: decoded(secretText))!
  }

  private static func decoded(_ text: [CChar]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    precondition(zmq_z85_decode(&bytes, text) != nil)
    return bytes
  }
}

extension MessageFrames {
  init(_ text: String) throws { try self.init(envelope: Array(text.utf8)) }
  var text: String { String(decoding: envelope, as: UTF8.self) }
}

/// Bytes that tell where they stand, by chunk; made and compared in bulk, which an unoptimised build needs.
func recognisablePayload(count: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count)
  while bytes.count < count {
    let number = UInt8(truncatingIfNeeded: bytes.count / 65_536 + 1)
    bytes += [UInt8](repeating: number, count: min(65_536, count - bytes.count))
  }
  return bytes
}

func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  left.count == right.count && memcmp(left, right, left.count) == 0
}

/// Answers with the text it was asked.
let echo: @Sendable (IncomingRequest) async -> MessageFrames? = { $0.frames }
/// Long enough for a busy machine; never waited out when all is well.
///
/// On one processor a test may wait for all others that run beside it.
let patience: Duration = .seconds(600)
