import CLinux
import Glibc

/// The variables that this process was started with, as they are now.
package func processEnvironment() -> [String: String] {
  var variables: [String: String] = [:]
  guard var cursor = clinux_environment() else { return variables }
  while let entry = cursor.pointee {
    let text = String(cString: entry)
    if let cut = text.firstIndex(of: "=") {
      variables[String(text[..<cut])] = String(text[text.index(after: cut)...])
    }
    cursor += 1
  }
  return variables
}

/// The user's own folder: what `HOME` says, or the user database where a service manager did not set it.
package func homeFolder() -> String? {
  if let home = processEnvironment()["HOME"], !home.isEmpty { return home }
  var entry = passwd()
  var found: UnsafeMutablePointer<passwd>?
  var texts = [CChar](repeating: 0, count: 16 * 1024)
  guard getpwuid_r(geteuid(), &entry, &texts, texts.count, &found) == 0, found != nil, let folder = entry.pw_dir,
    folder.pointee != 0
  else { return nil }
  return String(cString: folder)
}
