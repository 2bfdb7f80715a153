import Commands

@main
struct CrossbarGAN {
  static func main() { RootCommand.runAndExit() }
}
