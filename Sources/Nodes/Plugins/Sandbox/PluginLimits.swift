/// How much a plugin program may use; every limit by its unit.
package struct PluginLimits: Hashable, Sendable {
  /// From a request to its answer; a program that takes longer is killed and started again.
  package var callTime: Duration = .seconds(10)
  /// From the start to being ready, in which a miner may load a model.
  package var startTime: Duration = .seconds(180)
  /// What it has to end by itself when its standard input is closed.
  package var endTime: Duration = .seconds(2)
  /// Processor seconds of one process; when they are used up it is started again.
  package var processorSeconds: UInt64 = 86_400
  /// Bytes of address space.
  package var memoryBytes: UInt64 = 4 << 30
  /// Bytes of one file that it writes.
  package var fileBytes: UInt64 = 64 << 20
  /// Bytes that all files in its folder take.
  package var folderBytes: UInt64 = 256 << 20
  /// Files and folders in its folder.
  package var folderEntries = 10_000
  package var openFiles: UInt64 = 256
  /// Threads, where the program runs as a user of its own.
  package var threads: UInt64 = 256
  /// Calls that wait or are under way.
  package var queueLength = 256
  /// Lines of standard error that go to the log in one second.
  package var logLinesPerSecond = 20
  /// Bytes of standard error that are read in one second; a program that says more waits.
  package var logBytesPerSecond = 1 << 20
  /// Before the first restart; it doubles with each, up to the longest.
  package var restartDelay: Duration = .milliseconds(250)
  package var restartDelayLimit: Duration = .seconds(30)

  package init() {}
}
