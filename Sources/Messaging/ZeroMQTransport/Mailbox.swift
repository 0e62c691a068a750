import CLinux
import Glibc
import Transport

/// What other threads want of the thread that owns the sockets.
enum LoopCommand: Sendable {
  case request(OutgoingRequest)
  case forget(OutgoingRequest)
  case bindReceiver(Endpoint, TransportAdmission, Handover<BoundSocket>)
  case serve(ReceiverID, ServeSession)
  case answer(ReceiverID, ReplyRoute, MessageFrames?)
  case closeReceiver(ReceiverID, Handover<Void>)
  case bindPublisher(Endpoint, TransportAdmission, Handover<BoundSocket>)
  case publish(PublisherID, Topic, MessageFrames, Slots)
  case follow(FollowerID, PeerAddress, [Topic], PublicationStream)
  case unfollow(FollowerID)
  case pauseReceivers(Duration)
  case close
}

/// Commands on their way to one thread; an eventfd wakes it, but only when it sleeps.
///
/// What enters is bounded by those who send: requests and publications hold a slot, answers hold a place among the
/// handlers.
final class Mailbox: Sendable {
  private struct State {
    var commands: [LoopCommand] = []
    var readerSleeps = false
    var isClosed = false
  }

  private let state = Guarded(State())
  /// What the thread counts for others to read.
  let tally = ConnectionTally()
  /// Readable while the reader should wake up.
  let wakeDescriptor: Int32

  init() throws(SocketError) {
    wakeDescriptor = clinux_eventfd()
    guard wakeDescriptor >= 0 else { throw SocketError(call: "eventfd", code: errno) }
  }

  deinit { Glibc.close(wakeDescriptor) }

  /// Adds a command; false after `closeAndTake`, when nobody will read it.
  func push(_ command: LoopCommand) -> Bool {
    let (isOpen, mustWake) = state.withLock { state in
      guard !state.isClosed else { return (false, false) }
      state.commands.append(command)
      defer { state.readerSleeps = false }
      return (true, state.readerSleeps)
    }
    if mustWake {
      var one: UInt64 = 1
      _ = write(wakeDescriptor, &one, MemoryLayout<UInt64>.size)
    }
    return isOpen
  }

  /// Whether the reader may sleep; from then on a `push` wakes it.
  func mayReaderSleep() -> Bool {
    state.withLock { state in
      state.readerSleeps = state.commands.isEmpty
      return state.readerSleeps
    }
  }

  /// All commands in order; the reader is awake.
  func take() -> [LoopCommand] {
    var ticks: UInt64 = 0
    _ = read(wakeDescriptor, &ticks, MemoryLayout<UInt64>.size)
    return state.withLock { state in
      state.readerSleeps = false
      defer { state.commands = [] }
      return state.commands
    }
  }

  /// Refuses further commands and returns the last ones.
  func closeAndTake() -> [LoopCommand] {
    state.withLock { state in
      state.isClosed = true
      defer { state.commands = [] }
      return state.commands
    }
  }
}
