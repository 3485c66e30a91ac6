import pkg.nowhere
