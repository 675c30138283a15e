from django.db import migrations

from levelground.foundation.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = refuse("audit_auditevent", "UPDATE", "DELETE", message="The audit log is append-only")
