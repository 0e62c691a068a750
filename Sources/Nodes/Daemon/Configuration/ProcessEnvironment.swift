import CLinux

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
