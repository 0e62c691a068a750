import Glibc

/// How many files and sockets this process has open, and how many it may have.
package struct Descriptors: Hashable, Sendable {
  package let open: Int
  package let limit: Int

  package init(open: Int, limit: Int) {
    self.open = open
    self.limit = limit
  }

  /// As they are now; nil where the kernel does not say.
  package static func now() -> Descriptors? {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    var count = 0
    while let entry = readdir(folder) {
      if entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
    }
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    // The listing itself has one open.
    return Descriptors(open: max(0, count - 1), limit: Int(clamping: limit.rlim_cur))
  }

  /// Whether more than four fifths are in use.
  package var areScarce: Bool { open * 5 > limit * 4 }
}

/// Watches the descriptors of a process, and asks for a pause of whatever takes new ones when they run out.
///
/// Source: reliability R11.
package struct DescriptorWatch: Service {
  /// Between two looks.
  package static let interval: Duration = .milliseconds(500)
  /// How long nothing new is taken: the time in which a silent connection is dropped.
  package static let pause: Duration = .seconds(2)

  private let clock: any Clock<Duration>
  private let logger: Logger
  private let read: @Sendable () -> Descriptors?
  private let relieve: @Sendable (Duration) -> Void

  /// - Parameters:
  ///   - read: How many there are; a test says it.
  ///   - relieve: Takes nothing new for so long.
  package init(
    clock: any Clock<Duration>, logger: Logger, read: @escaping @Sendable () -> Descriptors? = Descriptors.now,
    relieve: @escaping @Sendable (Duration) -> Void
  ) {
    self.clock = clock
    self.logger = logger
    self.read = read
    self.relieve = relieve
  }

  package func run() async throws {
    var isTold = false
    while true {
      try await clock.sleep(for: DescriptorWatch.interval)
      guard let descriptors = read() else { continue }
      guard descriptors.areScarce else {
        isTold = false
        continue
      }
      if !isTold {
        logger.warning(
          "descriptors run out: connections are closed and wait for a moment",
          [.count: .number(descriptors.open), .limit: .number(descriptors.limit)])
      }
      isTold = true
      relieve(DescriptorWatch.pause)
      try await clock.sleep(for: DescriptorWatch.pause)
    }
  }
}
