import Glibc

/// The folder that this process works in; nil when it is gone.
package func currentFolder() -> String? {
  guard let text = getcwd(nil, 0) else { return nil }
  defer { free(text) }
  return String(cString: text)
}

/// A path from the root: one that is relative begins at the folder that this process works in. Links stay as they are.
package func absolutePath(_ path: String) -> String {
  let whole = path.hasPrefix("/") ? path : "\(currentFolder() ?? "")/\(path)"
  var parts: [Substring] = []
  for part in whole.split(separator: "/") where part != "." {
    if part == ".." { _ = parts.popLast() } else { parts.append(part) }
  }
  return "/" + parts.joined(separator: "/")
}

/// The first program of that name on the search path; nil without one.
package func programOnPath(_ name: String, environment: [String: String] = processEnvironment()) -> String? {
  (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
    .map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 && FileMark($0)?.isFolder == false }
}
