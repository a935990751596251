"""`python -m portsim`: the command line where scripts are not on the path."""

from portsim.cli import program

if __name__ == "__main__":
    program()
