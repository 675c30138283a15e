from django.db import migrations

from levelground.foundation.triggers import refuse


def fill_search_text(apps, schema_editor):
    for organisation in apps.get_model("organisations", "Organisation").objects.all().iterator():
        texts = [organisation.name.en, organisation.name.cy, organisation.region, organisation.slug]
        organisation.searched = lambda texts=texts: texts
        organisation.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_people_and_changes")]
    operations = [
        migrations.RunPython(fill_search_text, migrations.RunPython.noop, elidable=True),
        *refuse("organisations_placechange", "UPDATE", "DELETE", message="The history of a place never changes"),
    ]
