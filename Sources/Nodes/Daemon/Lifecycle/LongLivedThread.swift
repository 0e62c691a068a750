import CLinux
import Glibc

/// Starts a thread of our own, for work that blocks and therefore never runs on the cooperative pool.
///
/// Signals from outside stay blocked in it, so that they reach the part that handles them; its own traps are heard.
///
/// - Parameters:
///   - name: Shown by `top -H`; the first 15 bytes count.
///   - body: The thread ends when this returns.
/// - Returns: False when the system has no thread left.
package func startThread(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
  final class Box: Sendable {
    let name: String
    let body: @Sendable () -> Void
    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  let box = Unmanaged.passRetained(Box(String(name.prefix(15)), body))
  var thread = pthread_t()
  let code = pthread_create(
    &thread, &attributes,
    { context in
      let box = Unmanaged<Box>.fromOpaque(context!).takeRetainedValue()
      _ = clinux_block_signals()
      clinux_name_thread(box.name)
      box.body()
      return nil
    }, box.toOpaque())
  if code != 0 { box.release() }
  return code == 0
}
